using CsCheck;
using Perilune.Model;

namespace Perilune.Storage.Tests;

/// <summary>Random events over few ids, so that they meet: parents that come late, chats, retries, feedback before its run.</summary>
internal static class EventGen
{
    public static readonly Instant Origin = Instant.From(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    // Spread evenly: two different events of one time and kind with one hash would have no order between them.
    private static readonly Gen<ulong> Hashes = Gen.Int[0, int.MaxValue].Select(n => (ulong)n);
    private static readonly Gen<RunId> RunIds = Gen.Int[0, 11].Select(i => RunId.FromClient($"run-{i}"));
    private static readonly Gen<RunId> MessageIds = Gen.Int[0, 9].Select(i => RunId.FromClient($"message-{i}"));
    private static readonly Gen<RunId> Threads = Gen.Int[0, 2].Select(i => RunId.FromClient($"thread-{i}"));

    private static readonly Gen<RunId> Parents = Gen.Frequency(
        (6, RunIds),
        (3, MessageIds),
        (1, Threads),
        (1, Gen.Int[0, 9].Select(i => RunId.FromPython($"message-{i}", StoreScenario.Project.ToString()))));

    private static readonly Gen<RawJson> Payloads = Gen.OneOf(
        Gen.Const(RawJson.Null),
        Gen.Int[0, 99].Select(n => RawJson.Parse($$"""{"q":"question number {{n}} about refunds","k":{{n}}}""")),
        Gen.Int[1, 6].Select(n => RawJson.Parse("[" + string.Join(",", Enumerable.Range(0, n).Select(i => $$"""{"role":"user","content":"{{new string((char)('a' + i), 120)}}"}""")) + "]")));

    private static readonly Gen<RawJson> Objects = Gen.OneOf(
        Gen.Const(RawJson.Parse("""{"tier":"pro"}""")),
        Gen.Const(RawJson.Parse("""{"tier":"free","nested":{"a":[1,2]}}""")),
        Gen.Const(RawJson.Parse("""{"n":1.50}""")),
        Gen.Const(RawJson.Null));

    private static readonly Gen<RawJson> Feedbacks = Gen.OneOf(
        Gen.Const(RawJson.Parse("""{"thumb":"up"}""")),
        Gen.Const(RawJson.Parse("""{"thumb":"down","comment":"no"}""")),
        Gen.Const(RawJson.Parse("""{"thumb":null}""")),
        Gen.Const(RawJson.Null));

    private static readonly Gen<RawJson> Notes = Gen.Int[0, 9].Select(n => RawJson.Parse(
        $$"""{ "{{n}}": { "event": "e{{n}}", "{{(n % 3 == 0 ? "output" : "input")}}": { "role": "user", "content": "note {{n}}" } } }"""));

    private static readonly Gen<string?> Users = Any<string?>(null, null, "ann", "bob", "zoë");
    private static readonly Gen<IReadOnlyList<string>?> Tags = Any<IReadOnlyList<string>?>(null, null, ["a"], ["b", "a"], ["c", "c"], []);
    private static readonly Gen<string?> Types = Any<string?>("llm", "agent", "tool", "chain", "chat", "weird", null);
    private static readonly Gen<string?> Names = Any<string?>(null, "gpt-5", "GPT-5", "search", "agent-x");
    private static readonly Gen<Usage?> Usages = Any<Usage?>(
        null,
        new Usage(10, 5),
        new Usage(100, null, 40),
        new Usage(null, null) { OutputVideo = 3 },
        new Usage(long.MaxValue, 1, 0)
        {
            CacheWrite5m = 1, CacheWrite1h = 2, Reasoning = 3, Requests = 4, WebSearches = 5, InputAudio = 6, CacheReadAudio = 7,
            OutputAudio = 8, InputImage = 9, CacheReadImage = 10, OutputImage = 11, InputVideo = 12, OutputVideo = 13,
        });
    private static readonly Gen<Score?> Scores = Any<Score?>(new Score("accuracy", RawJson.Parse("0.5"), "ok"), new Score("accuracy", RawJson.Parse("true"), null), new Score("tone", RawJson.Parse("\"kind\""), null));

    public static readonly Gen<RunEvent> Event = Gen.Frequency(
        (5, Of(RunEventKind.Start)),
        (5, Of(RunEventKind.End)),
        (2, Of(RunEventKind.Error)),
        (1, Of(RunEventKind.Update)),
        (1, Of(RunEventKind.Log)),
        (1, Of(RunEventKind.Edit)),
        (2, Of(RunEventKind.Feedback)),
        (1, Of(RunEventKind.Score)),
        (2, Of(RunEventKind.Note)),
        (1, CustomEvent()),
        (6, Chat()));

    /// <summary>The same by either key of the project, some of them a day late.</summary>
    public static readonly Gen<RunEvent> ByAnyKey = Gen.Select(Event, Gen.Bool, Gen.Int[0, 9]).Select((e, isPublic, late) =>
        e with { ByPublicKey = isPublic, ReceivedAt = late == 0 ? e.ReceivedAt + TimeSpan.FromHours(25) : e.ReceivedAt });

    // Over some months, so that what hangs together arrives in different periods of a store that has such.
    private static Instant Arrival(int time, ulong hash) => Origin + TimeSpan.FromDays((int)(hash % 4) * 31) + TimeSpan.FromMinutes(time);

    /// <summary>The event with its times further apart: what was a second from the origin is <paramref name="stride"/> from it.</summary>
    public static RunEvent Stretch(RunEvent e, TimeSpan stride) => e with
    {
        Time = e.Time is { } time ? Origin + ((time - Origin).TotalSeconds * stride) : null,
        ReceivedAt = Origin + TimeSpan.FromDays((e.ReceivedAt - Origin).Days) + ((e.ReceivedAt - Origin).Minutes * stride),
        TimeToFirstToken = e.Kind is RunEventKind.End ? stride / 7 : null,
        Runtime = e.Name is "gpt-5" ? "lunary-js" : null,
        TemplateVersionId = e.Name is "GPT-5" ? "12" : null,
        Environment = e.UserId is "ann" ? "staging" : null,
        IsStructural = e.Name is "agent-x" ? (e.ContentHash & 1) == 0 : null,
    };

    /// <summary>How long before the others events of the past are: more than these are apart.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromDays(400);

    /// <summary>The event long before, about a run and a user of its own.</summary>
    public static RunEvent InPast(RunEvent e) => e with
    {
        Id = InPast(e.Id),
        ClientId = e.ClientId is { } client ? $"past-{client}" : null,
        ParentId = e.ParentId is { } parent ? InPast(parent) : null,
        TraceThreadId = e.TraceThreadId is { } thread ? InPast(thread) : null,
        UserId = InPast(e.UserId),
        Time = e.Time + -Past,
        StartTime = e.StartTime + -Past,
        ReceivedAt = e.ReceivedAt + -Past,
    };

    public static RunId InPast(RunId id) => RunId.FromClient($"past-{id}");

    public static string? InPast(string? user) => user is null ? null : $"past-{user}";

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<RunEvent> Of(RunEventKind kind) =>
        from id in kind is RunEventKind.Feedback or RunEventKind.Score or RunEventKind.Edit ? Gen.Frequency((2, RunIds), (1, MessageIds)) : RunIds
        from time in Gen.Int[0, 9]
        from timed in Gen.Int[0, 9]
        from hash in Hashes
        from parent in Parents
        from hasParent in Gen.Bool
        from type in Types
        from name in Names
        from payloads in Gen.Select(Payloads, Payloads, Objects, Feedbacks)
        from said in Gen.Int[0, 15]
        from user in Users
        from tags in Tags
        from usage in Usages
        from score in Scores
        from words in Any<string?>(null, null, "openai", "anthropic", "production").Array[6]
        from cost in Gen.Int[-2, 9]
        from whole in Gen.Bool
        from note in Notes
        from session in Gen.Int[0, 5]
        from thread in Threads
        let starts = kind is RunEventKind.Start or RunEventKind.Log or RunEventKind.Update or RunEventKind.Note
        let ends = kind is RunEventKind.End or RunEventKind.Error
        let traceThread = session == 0 && (starts || ends) ? thread : (RunId?)null
        select new RunEvent
        {
            Kind = kind,
            Id = id,
            StartTime = ends && whole ? Origin + TimeSpan.FromSeconds(time - 2) : null,
            Provider = words[0],
            ServedModel = words[1],
            Service = words[2],
            Environment = words[3],
            Release = words[4],
            CallId = words[5],
            FinishReasons = words[0] is null ? null : [words[0]!, words[0]!],
            GivenCost = cost < 1 ? null : cost,
            IsStructural = cost == 0 ? null : cost == -1,
            Attributes = (said & 6) == 6 && kind is not (RunEventKind.Feedback or RunEventKind.Score or RunEventKind.Edit) ? payloads.Item1 : default,
            Resource = (said & 12) == 12 ? payloads.Item3 : default,
            Notes = kind is RunEventKind.Note ? note : default,
            Time = timed == 0 ? null : Origin + TimeSpan.FromSeconds(time),
            ReceivedAt = Arrival(time, hash),
            ContentHash = hash,
            Type = starts || ends ? type : null,
            Name = starts || ends ? name : null,
            ParentId = hasParent && (starts || ends) ? parent : null,
            TraceThreadId = traceThread,
            Thread = traceThread is null ? null : new ThreadFacts(null, null, default),
            Input = (starts || kind is RunEventKind.Feedback) && (said & 1) == 1 ? payloads.Item1 : default,
            Params = starts && (said & 2) == 2 ? payloads.Item1 : default,
            Output = kind is RunEventKind.End ? payloads.Item2 : default,
            Error = kind is RunEventKind.Error ? payloads.Item3 : default,
            Metadata = (said & 4) == 4 && kind is not (RunEventKind.Feedback or RunEventKind.Score) ? payloads.Item3 : default,
            Usage = ends ? usage : null,
            UserId = starts || ends ? user : null,
            UserProps = user is not null && (said & 8) == 8 ? payloads.Item3 : default,
            Tags = starts || kind is RunEventKind.Edit ? tags : null,
            Feedback = kind is RunEventKind.Feedback ? payloads.Item4 : default,
            Score = kind is RunEventKind.Score ? score : null,
            IsPublic = kind is RunEventKind.Edit ? (said & 1) == 1 : null,
        };

    private static Gen<RunEvent> CustomEvent() =>
        from id in RunIds
        from thread in Threads
        from time in Gen.Int[0, 9]
        from hash in Hashes
        from user in Users
        select new RunEvent
        {
            Kind = RunEventKind.CustomEvent,
            Id = id,
            ParentId = thread,
            Type = RunTypes.CustomEvent,
            Name = "clicked",
            Time = Origin + TimeSpan.FromSeconds(time),
            ReceivedAt = Arrival(time, hash),
            ContentHash = hash,
            UserId = user,
            Thread = new ThreadFacts(null, null, default),
        };

    private static Gen<RunEvent> Chat() =>
        from number in Gen.Int[0, 9]
        from thread in Threads
        from time in Gen.Int[0, 9]
        from hash in Hashes
        from user in Users
        from tags in Tags
        from role in Any("user", "assistant", "tool", "system")
        from retry in Gen.Int[0, 5]
        from feedback in Feedbacks
        from said in Gen.Int[0, 7]
        select new RunEvent
        {
            Kind = RunEventKind.Chat,
            Id = RunId.FromClient($"message-{number}"),
            ClientId = $"message-{number}",
            ParentId = thread,
            Time = Origin + TimeSpan.FromSeconds(time),
            ReceivedAt = Arrival(time, hash),
            ContentHash = hash,
            UserId = user,
            Tags = tags,
            Feedback = (said & 1) == 1 ? feedback : default,
            Message = new ChatMessage(role, RawJson.Parse($$"""{"role":"{{role}}","content":"message {{number}} {{new string('x', number * 40)}}"}"""), retry == 0),
            Thread = new ThreadFacts(null, (said & 2) == 2 ? ["support"] : null, (said & 4) == 4 ? RawJson.Parse("""{"channel":"web"}""") : default),
        };
}
