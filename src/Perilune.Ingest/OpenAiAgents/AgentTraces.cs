using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.OpenAiAgents;

/// <summary>Reads <c>{"data":[…]}</c> of the OpenAI Agents SDK: traces and spans, in the order in which they end.</summary>
internal static class AgentTraces
{
    public static RunBatch Read(ReadOnlyMemory<byte> body, Instant receivedAt)
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

        Map(batch, spans, receivedAt);
        return batch;
    }

    private static void Take(RunBatch batch, List<AgentSpan> spans, JsonElement item, Instant receivedAt)
    {
        var id = item.Get("id"u8).Text(RunText.Id);
        var what = id ?? "an item without an id";
        if (!batch.HasRoom(what, spans.Count))
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

    private static void Map(RunBatch batch, List<AgentSpan> spans, Instant receivedAt)
    {
        var turns = spans.Where(span => span.UsageOfTurn is not null).GroupBy(span => span.Id, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First().UsageOfTurn!, StringComparer.Ordinal);
        var calls = new List<AgentSpan>();
        foreach (var span in spans)
        {
            Usage? usage = null;
            if (span is { IsModelCall: true, UsageOfCall: null, Parent: { } parent } && !turns.Remove(parent, out usage))
            {
                calls.Add(span);
            }

            batch.Events.Add(AgentMapper.MapSpan(span, usage, receivedAt));
            if (AgentMapper.TimesOfTrace(span, receivedAt) is { } times)
            {
                batch.Derived.Add(times);
            }
        }

        if (turns.Count + calls.Count > 0)
        {
            batch.Afterwards = (store, project) => FindUsageAsync(store, project, turns.Keys, calls, receivedAt);
        }
    }

    /// <summary>
    /// The tokens of a response stand at its turn, which ends after it and is often in another request. Requests overtake each
    /// other: whichever of the two is stored last finds the other.
    /// </summary>
    private static async Task<IReadOnlyList<RunEvent>> FindUsageAsync(IRunStore store, Guid project, IEnumerable<string> turns, List<AgentSpan> calls, Instant receivedAt)
    {
        var told = new List<RunEvent>();
        foreach (var turn in turns.Select(id => RunId.FromClient(id)))
        {
            var below = await store.SubtreeAsync(project, turn, RunDetail.None, CancellationToken.None);
            if (below.FirstOrDefault(run => run.ParentId == turn && run is { Type: RunTypes.Llm, Usage: null }) is { } call && below.FirstOrDefault(run => run.Id == turn)?.Usage is { } usage)
            {
                told.Add(AgentMapper.UsageOf(call.Id, usage, receivedAt));
            }
        }

        foreach (var call in calls)
        {
            if (await store.FindAsync(project, RunId.FromClient(call.Parent!), CancellationToken.None) is { Type: RunTypes.Chain, Usage: { } usage })
            {
                told.Add(AgentMapper.UsageOf(RunId.FromClient(call.Id), usage, receivedAt));
            }
        }

        return told;
    }
}
