using CsCheck;
using Perilune.Model;
using Perilune.Model.Merging;

namespace Perilune.Storage.Tests;

public sealed class PublicKeyRuleTests
{
    private const string Finished = "The run is finished, and a public key cannot change a finished run. Send the event with the project's private key.";
    private const string Closed = "The run came more than 24 hours ago, and a public key can only add feedback to it now. Send the event with the project's private key.";

    private static readonly RunId Id = RunId.FromClient("run");
    private static readonly RunEvent Start = Event(RunEventKind.Start, 1) with { Type = "llm", Name = "gpt-5", Input = RawJson.Parse("1"), Metadata = RawJson.Parse("""{"a":1}""") };
    private static readonly RunEvent End = Event(RunEventKind.End, 2) with { Output = RawJson.Parse("2"), Name = "gpt-5" };
    private static readonly RunEvent Feedback = Event(RunEventKind.Feedback, 3) with { Feedback = RawJson.Parse("""{"thumb":"up"}"""), Runtime = "js" };

    public static TheoryData<string, RunEvent> Rewriting => new()
    {
        { "another end", Event(RunEventKind.End, 9) with { Output = RawJson.Parse("9") } },
        { "an end that adds", Event(RunEventKind.End, 1) with { Usage = new Usage(1, 1) } },
        { "an error", Event(RunEventKind.Error, 9) with { Error = RawJson.Parse("9") } },
        { "an update", Event(RunEventKind.Update, 9) with { Metadata = RawJson.Parse("{}") } },
        { "tags", Event(RunEventKind.Update, 9) with { Tags = ["a"] } },
        { "an edit", Event(RunEventKind.Edit, 9) with { IsPublic = true } },
        { "another start", Event(RunEventKind.Start, 0) with { Type = "llm" } },
        { "a log", Event(RunEventKind.Log, 9) with { Type = RunTypes.Log } },
        { "a message", Event(RunEventKind.Chat, 9) with { Message = new ChatMessage("user", RawJson.Parse("{}"), IsRetry: false) } },
        { "feedback with metadata", Feedback with { Metadata = RawJson.Parse("""{"n":9}""") } },
    };

    [Theory]
    [MemberData(nameof(Rewriting))]
    public void Finished_runs_stay_as_they_are(string what, RunEvent e)
    {
        var run = Run(Start, End);

        Assert.True(PublicKeyRule.Refuse(run, e) == Finished, what);
        Assert.Null(PublicKeyRule.Refuse(run, e with { ByPublicKey = false }));
        Assert.Null(PublicKeyRule.Refuse(Run(Start), e));
        Assert.Null(PublicKeyRule.Refuse(Run(), e));
    }

    [Fact]
    public void Runs_come_together_in_any_order()
    {
        foreach (var events in new[] { new[] { Start, End, Feedback }, [Start, Feedback, End], [End, Start, Feedback], [End, Feedback, Start], [Feedback, Start, End], [Feedback, End, Start] })
        {
            var run = new RunState { Id = Id };
            foreach (var e in events.Concat(events))
            {
                Assert.Null(PublicKeyRule.Refuse(run, e));
                run.Apply(e);
            }
        }
    }

    [Fact]
    public void What_is_not_finished_within_a_day_is_left_to_private_keys()
    {
        var (day, late) = (End with { ReceivedAt = End.ReceivedAt + TimeSpan.FromHours(23) }, End with { ReceivedAt = End.ReceivedAt + TimeSpan.FromHours(25) });

        Assert.Null(PublicKeyRule.Refuse(Run(Start), day));
        Assert.Equal(Closed, PublicKeyRule.Refuse(Run(Start), late));
        Assert.Null(PublicKeyRule.Refuse(Run(Start), late with { ByPublicKey = false }));
        Assert.Null(PublicKeyRule.Refuse(Run(Start), Start with { ReceivedAt = late.ReceivedAt }));
        Assert.Null(PublicKeyRule.Refuse(Run(Start, End), late));
        Assert.Null(PublicKeyRule.Refuse(Run(Start, End), Feedback with { ReceivedAt = late.ReceivedAt }));
        Assert.Null(PublicKeyRule.Refuse(Run(Feedback), Start with { ReceivedAt = late.ReceivedAt }));
        Assert.Null(PublicKeyRule.Refuse(Run(Start with { Type = RunTypes.Thread }), late));
    }

    [Fact]
    public void What_was_taken_once_is_taken_again() => EventGen.ByAnyKey.List[1, 30].Sample(events =>
    {
        var runs = new Dictionary<RunId, RunState>();
        var taken = new List<RunEvent>();
        foreach (var e in events)
        {
            if (!runs.TryGetValue(e.Id, out var run))
            {
                runs[e.Id] = run = new RunState { Id = e.Id };
            }

            if (PublicKeyRule.Refuse(run, e) is null)
            {
                run.Apply(e);
                taken.Add(e);
            }
        }

        Assert.All(taken, e => Assert.Null(PublicKeyRule.Refuse(runs[e.Id], e with { ReceivedAt = e.ReceivedAt + TimeSpan.FromDays(3) })));
    });

    private static RunEvent Event(RunEventKind kind, int second) => new()
    {
        Kind = kind,
        Id = Id,
        ByPublicKey = true,
        Time = EventGen.Origin + TimeSpan.FromSeconds(second),
        ReceivedAt = EventGen.Origin + TimeSpan.FromMinutes(1),
        ContentHash = (ulong)kind,
    };

    private static RunState Run(params RunEvent[] events)
    {
        var run = new RunState { Id = Id };
        Array.ForEach(events, e => run.Apply(e));
        return run;
    }
}
