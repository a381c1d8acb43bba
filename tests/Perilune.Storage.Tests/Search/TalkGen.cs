using System.Text;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Storage.Tests.Search;

/// <summary>A random history of runs that say words: conversations that send all that was said with every turn, short and long payloads, runs that say something else later.</summary>
internal sealed class TalkGen(int seed)
{
    public static readonly string[] Words = ["alpha", "Beta", "gam-ma", "Überfällig", "uberfallig", "退款", "नमस्ते", "x1", "42", "na\u00efve", "nai\u0308ve", "👍", "delta", "deltas"];
    private static readonly string[] Between = [" ", "-", ", ", "\n", "/", "'s "];
    private static readonly Instant Origin = Instant.From(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));
    private readonly Random _random = new(seed);
    private readonly List<List<string>> _conversations = [];
    private int _runs;
    private ulong _events;

    /// <summary>Rare words go up to this many.</summary>
    public int Rare { get; private set; }

    public RunId AnyRun() => Id(_random.Next(Math.Max(1, _runs)));

    public List<RunEvent> Batch()
    {
        var events = new List<RunEvent>();
        for (var i = _random.Next(1, 12); i > 0; i--)
        {
            Add(events);
        }

        return events;
    }

    private void Add(List<RunEvent> events)
    {
        var run = _runs > 0 && _random.Next(6) == 0 ? _random.Next(_runs) : _runs++;
        var at = Origin + TimeSpan.FromSeconds(_random.Next(5) == 0 ? _random.Next(1000) : _runs);
        events.Add(new RunEvent
        {
            Kind = RunEventKind.Start,
            Id = Id(run),
            Type = _random.Next(3) == 0 ? "tool" : "llm",
            Time = at,
            ReceivedAt = at,
            ContentHash = ++_events,
            UserId = _random.Next(2) == 0 ? "ann" : null,
            Input = RawJson.Parse(_random.Next(3) == 0 ? Payload() : Turn()),
        });
        if (_random.Next(4) > 0)
        {
            var isError = _random.Next(5) == 0;
            events.Insert(_random.Next(events.Count + 1), new RunEvent
            {
                Kind = isError ? RunEventKind.Error : RunEventKind.End,
                Id = Id(run),
                Time = at + TimeSpan.FromSeconds(1),
                ReceivedAt = at,
                ContentHash = ++_events,
                Output = isError ? default : RawJson.Parse(Payload()),
                Error = isError ? RawJson.Parse(Payload()) : default,
            });
        }
    }

    private static RunId Id(int run) => RunId.FromClient($"run-{run}");

    private string Turn()
    {
        if (_conversations.Count == 0 || _random.Next(4) == 0)
        {
            _conversations.Add(_random.Next(2) == 0 || _conversations.Count == 0 ? [] : [.. _conversations[_random.Next(_conversations.Count)].Take(2)]);
        }

        var talk = _conversations[_random.Next(_conversations.Count)];
        talk.Add(Message());
        if (_random.Next(8) == 0)
        {
            talk.RemoveAt(_random.Next(talk.Count));
        }

        return $"[{string.Join(_random.Next(2) == 0 ? "," : " , ", talk)}]";
    }

    private string Payload() => _random.Next(6) switch
    {
        0 => Quoted(),
        1 => Message(),
        2 => $$"""{"alpha":{{Quoted()}},"n":42,"list":[{{Message()}},{{_random.Next(50)}}],"tail":{{Quoted()}}}""",
        3 => $"[{string.Join(", ", Enumerable.Range(0, 40))}, {Quoted()}]",
        4 => "null",
        _ => $"\"{Said()}{new string('p', _random.Next(150))}\"",
    };

    private string Message() =>
        $$"""{"role":"user","content":{{Quoted()}}{{(_random.Next(2) == 0 ? $",\"more\":\"{new string('q', 90)}\"" : "")}}}""";

    private string Quoted() => _random.Next(2) == 0 ? JsonSerializer.Serialize(Said()) : $"\"{Said().Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private string Said()
    {
        var text = new StringBuilder();
        for (var i = _random.Next(6); i > 0; i--)
        {
            text.Append(_random.Next(6) == 0 ? $"rare{Rare++}" : Words[_random.Next(Words.Length)]).Append(Between[_random.Next(Between.Length - 1)]);
        }

        return text.ToString().Replace("\n", " ", StringComparison.Ordinal);
    }
}
