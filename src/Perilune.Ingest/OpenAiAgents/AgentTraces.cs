using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.OpenAiAgents;

/// <summary>Reads <c>{"data":[…]}</c> of the OpenAI Agents SDK: traces and spans, in the order in which they end.</summary>
internal static class AgentTraces
{
    /// <summary>The model call below a turn that came in an earlier request; null when none did.</summary>
    public delegate Task<RunId?> FindCall(RunId turn);

    public static async Task<RunBatch> ReadAsync(ReadOnlyMemory<byte> body, Instant receivedAt, FindCall find)
    {
        using var document = JsonFields.Parse(body);
        if (document.RootElement.Get("data"u8) is not { ValueKind: JsonValueKind.Array } data)
        {
            throw new MalformedBodyException("""Expected {"data":[…]} with traces and spans as the OpenAI Agents SDK sends them, and the body has no such list.""");
        }

        var (batch, spans) = (new RunBatch(), new List<AgentSpan>());
        foreach (var item in data.EnumerateArray())
        {
            Take(batch, spans, item, receivedAt);
        }

        await MapAsync(batch, spans, receivedAt, find);
        return batch;
    }

    private static void Take(RunBatch batch, List<AgentSpan> spans, JsonElement item, Instant receivedAt)
    {
        var id = item.Get("id"u8).Text(RunText.Id);
        var what = id ?? "an item without an id";
        if (!batch.HasRoom(what))
        {
            return;
        }

        switch (item.Get("object"u8).Text())
        {
            case "trace" when id is not null:
                batch.Events.Add(AgentMapper.MapTrace(item, id, receivedAt));
                break;
            case "trace.span" when AgentSpan.Read(item) is { } span:
                spans.Add(span);
                break;
            default:
                batch.Refuse(what, """Expected {"object":"trace","id":…} or {"object":"trace.span","id":…,"trace_id":…}.""");
                break;
        }
    }

    private static async Task MapAsync(RunBatch batch, List<AgentSpan> spans, Instant receivedAt, FindCall find)
    {
        // The tokens of a response stand at its turn, which ends after it: in this request, or in a later one.
        var turns = spans.Where(span => span.UsageOfTurn is not null).GroupBy(span => span.Id, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        foreach (var span in spans)
        {
            Usage? usage = null;
            if (span.IsModelCall && span.Parent is { } parent && turns.Remove(parent, out var turn))
            {
                usage = turn.UsageOfTurn;
            }

            batch.Events.Add(AgentMapper.MapSpan(span, usage, receivedAt));
            if (AgentMapper.TimesOfTrace(span, receivedAt) is { } times)
            {
                batch.Events.Add(times);
            }
        }

        foreach (var turn in turns.Values)
        {
            if (await find(RunId.FromClient(turn.Id)) is { } call)
            {
                batch.Events.Add(AgentMapper.LateUsage(call, turn, turn.UsageOfTurn!, receivedAt));
            }
        }
    }
}
