using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Maintenance;
using Perilune.Storage.Sqlite.Settling;

namespace Perilune.Storage.Tests;

/// <summary>What comes late and concerns more runs than a transaction should rewrite.</summary>
public sealed class MovesTests : IAsyncDisposable
{
    private const int Runs = 400;
    private static readonly Instant s_origin = Instant.From(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-moves-").FullName;
    private SqliteRunStore _store;

    public MovesTests() => _store = Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string RunsDb => Path.Combine(_folder, "projects", StoreScenario.Project.ToString(), "runs-2026-11.db");

    [Fact]
    public async Task A_late_parent_is_acknowledged_first_and_takes_up_its_trace_a_part_at_a_time()
    {
        await FillAsync();
        await StoreAsync(Run("above") with { UserId = "ann" });

        Assert.NotNull(_store.MovesOf(StoreScenario.Project, trace: null));
        await StoreAsync(Run("beside") with { ParentId = Id("run-3") }, Run("elsewhere"));
        await _store.SettledAsync(StoreScenario.Project, Cancel);

        Assert.Null(_store.MovesOf(StoreScenario.Project, trace: null));
        Assert.Equal(Runs + 2, (await _store.SubtreeAsync(StoreScenario.Project, Id("above"), RunDetail.None, Cancel)).Count);
        Assert.Equal(Runs + 2, await CountAsync("user:ann"));
        Assert.All(await ListAsync("user:ann"), run => Assert.Equal(Id("above"), run.TraceId));
        await AssertSoundAsync(unsettled: 0);
    }

    [Fact]
    public async Task A_late_user_of_a_large_thread_reaches_every_trace_in_it()
    {
        await StoreAsync([.. Enumerable.Range(0, Runs).Select(i => Run($"run-{i}") with { TraceThreadId = Id("thread"), ParentId = Id("thread") }), Run("thread") with { Type = RunTypes.Thread }]);
        await _store.SettledAsync(StoreScenario.Project, Cancel);
        await StoreAsync(Run("thread") with { Kind = RunEventKind.Update, Type = RunTypes.Thread, UserId = "ann", ContentHash = 2 });
        await _store.SettledAsync(StoreScenario.Project, Cancel);

        Assert.Equal(Runs + 1, await CountAsync("user:ann"));
        await AssertSoundAsync(unsettled: 0);
    }

    [Fact]
    public async Task What_was_not_moved_when_the_store_was_closed_is_when_it_opens_again()
    {
        await FillAsync();
        await StoreAsync(Run("above") with { UserId = "ann" });
        await AssertSoundAsync(unsettled: Runs + 1);

        Assert.NotEqual(Runs + 1, await CountAsync("user:ann"));
        await _store.SettledAsync(StoreScenario.Project, Cancel);
        Assert.Equal(Runs + 1, await CountAsync("user:ann"));
        await AssertSoundAsync(unsettled: 0);
    }

    [Fact]
    public async Task A_trace_is_deleted_whole_while_it_is_being_moved()
    {
        await FillAsync();
        await StoreAsync(Run("above"));

        Assert.Equal(Runs + 1, await _store.DeleteAsync(StoreScenario.Project, Id("above"), Cancel));
        Assert.Equal(0, await CountAsync(""));
        await AssertSoundAsync(unsettled: 0);
    }

    [Fact]
    public async Task A_user_is_erased_from_a_trace_that_just_became_the_users()
    {
        await FillAsync();
        await StoreAsync(Run("above") with { UserId = "ann of the moves" }, Run("elsewhere"));

        Assert.Equal(Runs + 1, await _store.EraseUserAsync(StoreScenario.Project, "ann of the moves", Cancel));
        Assert.Equal(1, await CountAsync(""));
        await AssertSoundAsync(unsettled: 0);
        Assert.DoesNotContain("ann of the moves", await File.ReadAllTextAsync(RunsDb, System.Text.Encoding.Latin1, Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_calls_of_a_large_trace_count_once()
    {
        await FillAsync();
        await StoreAsync(Call("call-1"), Call("call-2"));
        await _store.SettledAsync(StoreScenario.Project, Cancel);

        Assert.Equal(1, await CountAsync("has:repeat"));
        await StoreAsync(Run("above"));
        await _store.SettledAsync(StoreScenario.Project, Cancel);
        Assert.Equal(1, await CountAsync("has:repeat"));
        await AssertSoundAsync(unsettled: 0);

        static RunEvent Call(string id) => Run(id) with { Type = RunTypes.Llm, ParentId = Id("run-7"), CallId = "of the provider" };
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static RunId Id(string name) => RunId.FromClient(name);

    // Below a run that has not come yet, in tens.
    private Task FillAsync() => StoreAsync([.. Enumerable.Range(0, Runs).Select(i => Run($"run-{i}") with { ParentId = Id(i == 0 ? "above" : $"run-{i / 10}") })]);

    private static RunEvent Run(string name) => new()
    {
        Kind = RunEventKind.Start,
        Id = Id(name),
        ClientId = name,
        Type = RunTypes.Chain,
        Name = "step",
        Time = s_origin,
        ReceivedAt = s_origin,
        ContentHash = 1,
    };

    private SqliteRunStore Open() => new(_folder, NullLogger<SqliteRunStore>.Instance, prices: null, new SettleLimits(AtOnce: 50, Step: 2));

    private async Task StoreAsync(params RunEvent[] events) => await _store.CommitAsync(StoreScenario.Project, events, Cancel);

    private static Filter Parse(string question) => FilterParser.Parse(question, s_origin).Filter!;

    private Task<long?> CountAsync(string question) => _store.CountAsync(StoreScenario.Project, RunScope.All, Parse(question), Timeout.InfiniteTimeSpan, Cancel);

    private async Task<IReadOnlyList<Run>> ListAsync(string question) =>
        (await _store.ListAsync(StoreScenario.Project, new RunQuery { Filter = Parse(question), Limit = 1000, Detail = RunDetail.None }, Cancel)).Runs;

    private async Task AssertSoundAsync(long unsettled)
    {
        await _store.DisposeAsync();
        var report = RunFileCheck.Run(RunsDb);
        Assert.Equal([], report.Problems);
        Assert.Equal(unsettled, report.Unsettled);
        _store = Open();
    }
}
