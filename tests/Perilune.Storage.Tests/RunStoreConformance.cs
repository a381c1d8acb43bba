using CsCheck;
using Perilune.Model;
using Perilune.Model.Pricing;
using Perilune.Storage.Oracle;

namespace Perilune.Storage.Tests;

/// <summary>What every store must answer: the same as the oracle, after any history.</summary>
public abstract partial class RunStoreConformance
{
    /// <summary>Opens the store of a fresh data folder.</summary>
    protected abstract IRunStore Open(string folder, IProjectPrices prices);

    /// <summary>Waits until the store says what it is to say, when it does some of that after its acknowledgements.</summary>
    protected virtual Task SettledAsync(IRunStore store, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Looks at what the closed store left in its folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="prices">What all costs are to be of; null when they are of several.</param>
    protected virtual void Inspect(string folder, PriceBook? prices)
    {
    }

    /// <summary>Histories to try; PERILUNE_HISTORIES asks for more.</summary>
    private static long Histories => long.TryParse(Environment.GetEnvironmentVariable("PERILUNE_HISTORIES"), out var n) ? n : 60;

    /// <summary>Greatest number of batches, and of events in each; PERILUNE_HISTORY_SIZE asks for other sizes.</summary>
    private static int Size => int.TryParse(Environment.GetEnvironmentVariable("PERILUNE_HISTORY_SIZE"), out var n) ? n : 9;

    /// <summary>For how long to try histories, in seconds; PERILUNE_HISTORY_SECONDS says so, and their number does not count then.</summary>
    private static int Seconds => int.TryParse(Environment.GetEnvironmentVariable("PERILUNE_HISTORY_SECONDS"), out var n) ? n : -1;

    private abstract record Step;

    private sealed record Ingest(IReadOnlyList<RunEvent> Events) : Step;

    private sealed record Delete(RunId Id) : Step;

    private sealed record Erase(string User) : Step;

    private sealed record Restart : Step;

    private sealed record Kill : Step;

    private sealed record Forget(Instant Since) : Step;

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (20, EventGen.ByAnyKey.List[1, Size].Select(events => (Step)new Ingest(events))),
        (1, Gen.OneOf(Gen.Int[0, 11].Select(i => $"run-{i}"), Gen.Int[0, 9].Select(i => $"message-{i}"), Gen.Int[0, 2].Select(i => $"thread-{i}")).Select(id => (Step)new Delete(RunId.FromClient(id)))),
        (1, Gen.OneOf(Gen.Const("ann"), Gen.Const("bob"), Gen.Const("zoë")).Select(user => (Step)new Erase(user))),
        (1, Gen.Const((Step)new Restart())),
        (1, Gen.Const((Step)new Kill())));

    [Fact]
    public Task Answers_what_the_oracle_answers() => Gen.Select(Steps.List[1, Size], Pasts, Gen.Int[-20, 9]).SampleAsync(
        (steps, past, forgotten) => CheckAsync(WithPast(steps, past, TimeSpan.FromSeconds(1)), async history =>
        {
            var (expected, actual) = await RunAsync(history, forgotten);
            AssertSame(expected, actual);
        }),
        iter: Histories,
        time: Seconds,
        threads: 2,
        print: history => $"{Print(WithPast(history.Item1, history.Item2, TimeSpan.FromSeconds(1)))}\nforgotten before second {history.Item3}");

    [Fact]
    public Task Keeps_one_state_whatever_the_order() => Gen.Select(EventGen.Event.List[1, 2 * Size], Gen.Int[0, int.MaxValue]).SampleAsync(
        async (events, seed) =>
        {
            var random = new Random(seed);
            var once = await RunAsync([new Ingest(events)]);
            var shuffled = events.Concat(events.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
            var batches = shuffled.Chunk(random.Next(1, 9)).Select(chunk => (Step)new Ingest(chunk)).ToList();
            var again = await RunAsync(batches);
            AssertSame(once.Expected, again.Expected);
            AssertSame(once.Actual, again.Actual);
        },
        iter: Histories,
        time: Seconds,
        threads: 2);

    /// <summary>A conversation takes no user from the runs below it, so that it says nothing of the user of its trace.</summary>
    [Fact]
    public async Task A_run_below_a_conversation_takes_the_user_of_the_run_beside_it()
    {
        var (expected, actual) = await RunAsync([new Ingest([Of("run-0", RunTypes.Chat)]), new Ingest([Of("run-1", RunTypes.Llm, "run-0", "ann")]), new Ingest([Of("run-2", RunTypes.Llm, "run-0")])]);
        AssertSame(expected, actual);

        static RunEvent Of(string id, string type, string? parent = null, string? user = null) => new()
        {
            Kind = RunEventKind.Start,
            Id = RunId.FromClient(id),
            Type = type,
            ParentId = parent is null ? null : RunId.FromClient(parent),
            UserId = user,
            Time = EventGen.Origin,
            ReceivedAt = EventGen.Origin,
            ContentHash = 1,
        };
    }

    /// <summary>What was sent as a child of a message is in the trace of its chat, also where the thread itself is gone with its user.</summary>
    [Fact]
    public async Task A_run_below_a_message_follows_it_into_another_chat_of_a_thread_that_is_gone()
    {
        var (expected, actual) = await RunAsync(
            [
                new Ingest([Message("first", "one", "tool", 9, user: "ann"), Of("below", RunEventKind.Start, "moved", 8, "bob", RunTypes.Llm)]),
                new Ingest([Of("note", RunEventKind.CustomEvent, "one", 4, "zoë", RunTypes.CustomEvent)]),
                new Ingest([Message("first", "two", "user", 0), Message("moved", "one", "assistant", 6, user: "bob")]),
                new Erase("ann"),
                new Ingest([Message("last", "one", "system", 9), Message("moved", "two", "tool", 3, user: "ann", isRetry: true), Message("last", "two", "assistant", 0, user: "ann")]),
            ]);
        AssertSame(expected, actual);
    }

    /// <summary>A chat loses a message with its user and goes on with those of others: what was sent as a child of that message is alone.</summary>
    [Fact]
    public async Task A_run_below_a_message_that_goes_with_its_user_leaves_the_chat_that_stays()
    {
        var (expected, actual) = await RunAsync(
            [
                new Ingest([Message("answer", "one", "assistant", 1, user: "bob"), Message("question", "one", "user", 2, user: "ann"), Of("below", RunEventKind.Start, "answer", 3, "ann", RunTypes.Llm)]),
                new Ingest([Message("question", "one", "user", 0)]),
                new Erase("bob"),
            ]);
        AssertSame(expected, actual);
    }

    /// <summary>It was the repeat of a call in whose trace it is no more.</summary>
    [Fact]
    public async Task A_repeated_call_that_turns_out_to_be_something_else_elsewhere_is_no_repeat()
    {
        var call = Of("call", RunEventKind.End, "agent", 1, user: null, RunTypes.Llm) with { CallId = "of the provider", Usage = new Usage(10, 5) };
        var (expected, actual) = await RunAsync(
            [
                new Ingest([Of("agent", RunEventKind.Start, "absent", 0, user: null, RunTypes.Agent), call, call with { Id = RunId.FromClient("repeat"), ClientId = "repeat", Usage = null }]),
                new Ingest([Of("repeat", RunEventKind.Error, "elsewhere", 2, user: null, "weird")]),
            ]);
        AssertSame(expected, actual);
    }

    private static RunEvent Message(string id, string thread, string role, int second, string? user = null, bool isRetry = false) => Of(id, RunEventKind.Chat, thread, second, user, type: null) with
    {
        Message = new ChatMessage(role, RawJson.Parse($$"""{"role":"{{role}}","content":"hello"}"""), isRetry),
        Thread = new ThreadFacts(null, null, default),
    };

    private static RunEvent Of(string id, RunEventKind kind, string parent, int second, string? user, string? type) => new()
    {
        Kind = kind,
        Id = RunId.FromClient(id),
        ClientId = id,
        Type = type,
        ParentId = RunId.FromClient(parent),
        UserId = user,
        Time = EventGen.Origin + TimeSpan.FromSeconds(second),
        ReceivedAt = EventGen.Origin + TimeSpan.FromMinutes(second),
        ContentHash = (ulong)second,
    };

    /// <summary>How many steps of a history are its past, and what of that is forgotten at its end.</summary>
    private static readonly Gen<(int Steps, int Forgotten)> Pasts = Gen.Select(Gen.Int[0, 2 * Size], Gen.Int[-5, 12]);

    /// <summary>
    /// The history with its first steps long before, about runs and users of their own, and a retention in between: what is
    /// said later of a run that was forgotten depends on whether its file is gone.
    /// </summary>
    private static List<Step> WithPast(List<Step> steps, (int Steps, int Forgotten) past, TimeSpan stride) => past.Steps >= steps.Count
        ? steps
        : [.. steps.Take(past.Steps).Select(Past), new Forget(EventGen.Origin + (past.Forgotten * stride) + -EventGen.Past), .. steps.Skip(past.Steps)];

    private static Step Past(Step step) => step switch
    {
        Ingest ingest => new Ingest([.. ingest.Events.Select(EventGen.InPast)]),
        Delete delete => new Delete(EventGen.InPast(delete.Id)),
        Erase erase => new Erase(EventGen.InPast(erase.User)!),
        _ => step,
    };

    // Whole answers are long: the lines that differ say more.
    private static void AssertSame(string expected, string actual)
    {
        if (expected == actual)
        {
            return;
        }

        var (wanted, got) = (expected.Split('\n'), actual.Split('\n'));
        var differing = wanted.Zip(got).Where(pair => pair.First != pair.Second).Take(4).Select(pair => $"expected: {pair.First}\n  actual: {pair.Second}");
        Assert.Fail(string.Join("\n", differing));
    }

    private Task<(string Expected, string Actual)> RunAsync(IReadOnlyList<Step> steps, int forgotten = -1) =>
        RunAsync(steps, StoreScenario.DescribeAsync, EventGen.Origin + TimeSpan.FromSeconds(forgotten));

    private async Task<(string Expected, string Actual)> RunAsync(IReadOnlyList<Step> steps, Func<IRunStore, CancellationToken, Task<string>> describe, Instant forgotten, bool expectsPrices = true)
    {
        var prices = new ChangingPrices();
        var token = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("perilune-store-").FullName;
        var store = Open(folder, prices);
        await using var oracle = new OracleRunStore(prices);
        try
        {
            foreach (var step in steps)
            {
                switch (step)
                {
                    case Ingest ingest:
                        Assert.Equal(
                            await oracle.CommitAsync(StoreScenario.Project, ingest.Events, token),
                            await store.CommitAsync(StoreScenario.Project, ingest.Events, token));
                        break;
                    case Delete delete:
                        Assert.Equal(
                            await oracle.DeleteAsync(StoreScenario.Project, delete.Id, token),
                            await store.DeleteAsync(StoreScenario.Project, delete.Id, token));
                        break;
                    case Erase erase:
                        Assert.Equal(
                            await oracle.EraseUserAsync(StoreScenario.Project, erase.User, token),
                            await store.EraseUserAsync(StoreScenario.Project, erase.User, token));
                        break;
                    case Kill:
                        await KillAsync();
                        break;
                    case Forget forget:
                        await oracle.ForgetAsync(StoreScenario.Project, forget.Since, token);
                        await store.ForgetAsync(StoreScenario.Project, forget.Since, token);
                        break;
                    case SetPrices set:
                        prices.Book = ChangingPrices.Books[set.Book];
                        break;
                    case Reprice reprice:
                        Assert.Equal(await RepriceAsync(oracle, reprice.Span, token), await RepriceAsync(store, reprice.Span, token));
                        break;
                    default:
                        await store.DisposeAsync();
                        store = Open(folder, prices);
                        break;
                }
            }

            if (forgotten >= EventGen.Origin)
            {
                await oracle.ForgetAsync(StoreScenario.Project, forgotten, token);
                await store.ForgetAsync(StoreScenario.Project, forgotten, token);
                await KillAsync();
            }

            await SettledAsync(store, token);
            var answers = (await describe(oracle, token), await describe(store, token));
            await store.DisposeAsync();
            Inspect(folder, expectsPrices ? prices.Book : null);
            return answers;
        }
        finally
        {
            await store.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        // The store goes on with what it would find after a kill.
        async Task KillAsync()
        {
            var left = FolderCopy.OfRunning(folder);
            await store.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            folder = left;
            store = Open(folder, prices);
        }
    }

    private static string Print(IEnumerable<Step> steps) => string.Join("\n", steps.Select(step => step switch
    {
        Ingest ingest => "ingest\n" + string.Join("\n", ingest.Events.Select(e => $"   {e.Kind} {e.Id}{(e.ByPublicKey ? " public" : "")} t={e.Time} received={e.ReceivedAt} #{(uint)e.ContentHash} type={e.Type} name={e.Name} parent={e.ParentId} user={e.UserId} tags={(e.Tags is null ? "-" : string.Join(',', e.Tags))} fb={e.Feedback} role={e.Message?.Role}{(e.Message?.IsRetry == true ? " retry" : "")}")),
        Delete delete => $"delete {delete.Id}",
        Erase erase => $"erase {erase.User}",
        SetPrices set => $"prices {set.Book}",
        Reprice reprice => $"reprice {reprice.Span}",
        Kill => "kill",
        Forget forget => $"forget before {forget.Since}",
        _ => "restart",
    }));
}
