using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Perilune.Crash.Tests;

/// <summary>Where an event's content must be found again.</summary>
internal enum Place
{
    Input,
    Output,

    /// <summary>In one message of the thread.</summary>
    Message,
}

/// <param name="RunId">The run, or the thread of a message.</param>
/// <param name="Type">Of the run: llm, tool, agent or thread.</param>
/// <param name="Content">Text that no other event has.</param>
internal sealed record PlannedEvent(string RunId, string Type, Place Place, string Content, string Json);

/// <summary>The endless, seeded traffic of one client: model calls, agents with tools, threads.</summary>
internal sealed class Traffic(int seed, int client)
{
    private readonly Random _random = new((seed * 31) + client);
    private readonly Queue<PlannedEvent> _planned = new();
    private int _events;

    public Random Random => _random;

    public IReadOnlyList<PlannedEvent> NextBatch()
    {
        var batch = new PlannedEvent[1 + _random.Next(20)];
        for (var i = 0; i < batch.Length; i++)
        {
            if (_planned.Count == 0)
            {
                Plan();
            }

            batch[i] = _planned.Dequeue();
        }

        return batch;
    }

    public static string Body(IEnumerable<PlannedEvent> batch) => $$"""{"events":[{{string.Join(',', batch.Select(static e => e.Json))}}]}""";

    private void Plan()
    {
        switch (_random.Next(4))
        {
            case 0:
                var call = Id();
                Add(call, "llm", Place.Input);
                Add(call, "llm", Place.Output);
                break;
            case 1:
                var late = Id();
                Add(late, "llm", Place.Output);
                Add(late, "llm", Place.Input);
                break;
            case 2:
                var (agent, tool) = (Id(), Id());
                Add(agent, "agent", Place.Input);
                Add(tool, "tool", Place.Input, parent: agent);
                Add(tool, "tool", Place.Output);
                Add(agent, "agent", Place.Output);
                break;
            default:
                var thread = Id();
                for (var left = 1 + _random.Next(3); left > 0; left--)
                {
                    AddMessage(thread, "user");
                    AddMessage(thread, "assistant");
                }

                break;
        }
    }

    private void Add(string id, string type, Place place, string? parent = null)
    {
        var content = Content();
        var (kind, member) = place == Place.Input ? ("start", "input") : ("end", "output");
        var json = $$"""{"event":"{{kind}}","type":"{{type}}","runId":"{{id}}","name":"{{type}}-name","timestamp":{{Time()}},"{{member}}":{{Quote(content)}}""";
        _planned.Enqueue(new PlannedEvent(id, type, place, content, json + (parent is null ? "}" : $",\"parentRunId\":\"{parent}\"}}")));
    }

    private void AddMessage(string thread, string role)
    {
        var content = Content();
        _planned.Enqueue(new PlannedEvent(thread, "thread", Place.Message, content,
            $$$"""{"event":"chat","type":"thread","runId":"{{{Id()}}}","parentRunId":"{{{thread}}}","timestamp":{{{Time()}}},"message":{"role":"{{{role}}}","content":{{{Quote(content)}}}}}"""));
    }

    /// <summary>Short and long texts, some of them long enough for several pages.</summary>
    private string Content()
    {
        var text = new StringBuilder($"{seed}/{client}/{_events++}");
        for (var words = _random.Next(_random.Next(10) == 0 ? 3000 : 100); words > 0; words--)
        {
            text.Append(' ').Append(_random.Next(100_000).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private string Id()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private string Time() => (1_790_000_000_000L + (_events * 10)).ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
