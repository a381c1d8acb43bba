using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Maintenance;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Tests;

/// <summary>Where runs lie on the disk, what moves and goes there, and what is left of it.</summary>
public sealed class FilesTests : IAsyncDisposable
{
    private static readonly Instant s_origin = Instant.From(new DateTimeOffset(2026, 8, 10, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-files-").FullName;
    private SqliteRunStore _store;

    public FilesTests() => _store = Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Project => Path.Combine(_folder, "projects", StoreScenario.Project.ToString());

    private IEnumerable<string?> RunFiles => ProjectFolder.RunFiles(Project).Select(Path.GetFileName);

    [Fact]
    public async Task Each_month_has_its_file_and_what_belongs_together_stays_together()
    {
        await StoreAsync(Start("a", month: 0), Start("b", month: 1), Start("c", month: 2));
        await StoreAsync(Start("below a", month: 2) with { ParentId = Id("a") }, Message("hello", month: 0));
        await StoreAsync(Message("again", month: 2), Start("alone", month: 2));

        Assert.Equal(["runs-2026-08.db", "runs-2026-09.db", "runs-2026-10.db"], RunFiles);
        Assert.Equal([4, 1, 2], Runs());
        Assert.Equal(2, (await _store.SubtreeAsync(StoreScenario.Project, Id("a"), RunDetail.None, Cancel)).Count);
        Assert.Equal(7, await _store.CountAsync(StoreScenario.Project, RunScope.All, Filter.All, Timeout.InfiniteTimeSpan, Cancel));
        Assert.Equal(["alone", "below a", "c", "b"], (await ListAsync(4)).Select(r => r.ClientId).OrderBy(name => name == "b" ? "z" : name));
    }

    [Fact]
    public async Task A_late_parent_brings_its_children_together_even_when_the_older_file_lags_behind()
    {
        await StoreAsync(Start("first child", month: 0) with { ParentId = Id("parent") }, Start("other", month: 0), Start("new", month: 1));
        await StoreAsync(Start("second child", month: 1) with { ParentId = Id("grandparent") });
        await _store.DisposeAsync();
        var older = Path.Combine(Project, "runs-2026-08.db");
        File.Copy(older, older + ".copy");
        _store = Open();
        await StoreAsync(Start("grandparent", month: 1), Start("parent", month: 1) with { ParentId = Id("grandparent") });
        Assert.Equal([1, 5], Runs());
        Assert.Equal(4, (await _store.SubtreeAsync(StoreScenario.Project, Id("grandparent"), RunDetail.None, Cancel)).Count);

        // As after a crash between the commits of the two files.
        await _store.DisposeAsync();
        File.Move(older + ".copy", older, overwrite: true);
        using (var shared = Database.OpenWriter(Path.Combine(Project, "project.db")))
        {
            shared.Execute("UPDATE moved SET done = 0");
        }

        _store = Open();
        await StoreAsync(Start("newest", month: 1));

        Assert.Equal([1, 6], Runs());
        Assert.Equal([], ProjectCheck.Run(Project));
    }

    [Fact]
    public async Task A_period_that_is_forgotten_frees_its_bytes_at_once()
    {
        await StoreAsync([.. Enumerable.Range(0, 500).Select(i => Start($"old {i}", month: 0) with { UserId = i % 2 == 0 ? "ann" : "old bob", Input = Text(i, 3000) })]);
        await StoreAsync(Start("new", month: 2) with { UserId = "ann" }, Start("older", month: 1));
        var before = Directory.GetFiles(Project).Sum(f => new FileInfo(f).Length);

        // What a crash left of a period that was set aside before.
        await File.WriteAllTextAsync(Path.Combine(Project, "dropped-runs-2026-01.db"), "", Cancel);

        await _store.ForgetAsync(StoreScenario.Project, s_origin + TimeSpan.FromDays(50), Cancel);

        Assert.Equal(["runs-2026-10.db"], RunFiles);
        Assert.Empty(Directory.GetFiles(Project, "dropped-*"));
        Assert.InRange(Directory.GetFiles(Project).Sum(f => new FileInfo(f).Length), 1, before / 2);
        Assert.Equal(["new"], (await ListAsync(9)).Select(r => r.ClientId));
        Assert.Null(await _store.FindAsync(StoreScenario.Project, Id("old 1"), Cancel));
        var user = Assert.Single(await _store.UsersAsync(StoreScenario.Project, ["ann", "old bob"], Cancel));
        Assert.Equal(s_origin, user.FirstSeen);
    }

    [Fact]
    public async Task What_is_forgotten_stays_so_after_a_restart_and_what_comes_later_for_it_is_not_shown()
    {
        await StoreAsync(Start("old", month: 0), Start("new", month: 1));
        await _store.ForgetAsync(StoreScenario.Project, s_origin + TimeSpan.FromDays(10), Cancel);
        await _store.ForgetAsync(StoreScenario.Project, s_origin, Cancel);
        await _store.DisposeAsync();
        _store = Open();
        await StoreAsync(Start("late", month: 1) with { Time = s_origin });

        Assert.Equal(["new"], (await ListAsync(9)).Select(r => r.ClientId));
        Assert.Equal(1, await _store.CountAsync(StoreScenario.Project, RunScope.All, Filter.All, Timeout.InfiniteTimeSpan, Cancel));
    }

    [Fact]
    public async Task Nothing_of_an_erased_user_is_left_in_any_byte()
    {
        const string Secret = "zanzibar-7731";
        foreach (var month in new[] { 0, 1 })
        {
            for (var i = 0; i < 50; i++)
            {
                await StoreAsync(
                    Start($"{Secret} run {month} {i}", month) with { UserId = $"{Secret}@example.org", UserProps = RawJson.Parse($$"""{"name":"{{Secret}}"}"""), Tags = [Secret], Input = Text(i, 200, Secret), Metadata = RawJson.Parse($$"""{"note":"{{Secret}} {{i}}"}""") },
                    Start($"other {month} {i}", month) with { UserId = "ann", Input = Text(i, 200), Tags = ["kept"] },
                    Message($"{Secret} {month} {i}", month) with { UserId = $"{Secret}@example.org", ParentId = Id($"{Secret} thread {month}") });
                await StoreAsync(Start($"{Secret} run {month} {i}", month) with { Kind = RunEventKind.End, Output = Text(i + 1, 90, Secret) });
            }
        }

        Assert.True(Contains(Secret));
        Assert.Equal(202, await _store.EraseUserAsync(StoreScenario.Project, $"{Secret}@example.org", Cancel));
        Assert.False(Contains(Secret));

        Assert.Equal(100, await _store.CountAsync(StoreScenario.Project, RunScope.All, Filter.All, Timeout.InfiniteTimeSpan, Cancel));
        await StoreAsync(Start($"{Secret} run 0 1", month: 1));
        Assert.Null(await _store.FindAsync(StoreScenario.Project, Id($"{Secret} run 0 1"), Cancel));
        await _store.DisposeAsync();
        Assert.All(ProjectFolder.RunFiles(Project), file =>
        {
            // The body with the greatest number stays, emptied, so that the number is not given again.
            var report = RunFileCheck.Run(file);
            Assert.Equal(0, report.ProblemCount);
            Assert.InRange(report.UnusedBodies, 0, 1);
        });
    }

    [Fact]
    public async Task The_single_file_of_the_first_version_is_taken_over()
    {
        await StoreAsync(Start("kept", month: 0) with { Input = Text(1, 400) }, Start("gone", month: 0));
        await _store.DisposeAsync();
        var old = Path.Combine(Project, "runs.db");
        File.Move(Path.Combine(Project, "runs-2026-08.db"), old);
        using (var db = Database.OpenWriter(old))
        {
            db.Execute("CREATE TABLE deleted(id BLOB PRIMARY KEY) STRICT, WITHOUT ROWID; INSERT INTO deleted SELECT id FROM run WHERE seq = 2; DELETE FROM run WHERE seq = 2; UPDATE tally SET runs = 1, roots = 1");
        }

        _store = Open();
        await StoreAsync(Start("gone", month: 1), Start("new", month: 1));

        Assert.Equal(["runs-2026-08.db", "runs-2026-09.db"], RunFiles);
        Assert.Equal(["new", "kept"], (await ListAsync(9)).Select(r => r.ClientId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Files_of_earlier_versions_are_brought_up_to_date(int version)
    {
        // An answer that the library and the provider's SDK report, and one that comes with the same id twice.
        RunEvent[] calls =
        [
            Start("agent", month: 0) with { Type = RunTypes.Agent, UserId = "ann", Tags = ["from above"], Environment = "prod" },
            Ended("outer", "agent", input: 100, output: null, call: null),
            Ended("inner", "outer", input: 100, output: 7, call: null),
            Ended("once", "agent", input: 50, output: 5, call: "resp_1"),
            Ended("again", "agent", input: 50, output: null, call: "resp_1"),
        ];
        await StoreAsync(calls);
        var (sums, ledger) = (await SumAsync(), await LedgerAsync());
        await _store.DisposeAsync();
        var file = ProjectFolder.RunFiles(Project).Single();
        OlderFile.Make(file, version);

        _store = Open();

        Assert.Equal((2, 150, 12), (sums.Calls, (long)sums.Input, (long)sums.Output));
        Assert.Equivalent(sums, await SumAsync(), strict: true);
        Assert.Equal(ledger, await LedgerAsync());
        Assert.Equal(2, await _store.CountAsync(StoreScenario.Project, RunScope.Llm, Filter.All, Timeout.InfiniteTimeSpan, Cancel));
        Assert.Equal(3, (await _store.UserSumsAsync(StoreScenario.Project, "ann", null, null, Cancel)).Runs);
        Assert.Equal(["again", "outer"], (await ListAsync(9)).Where(run => run.IsRepeat).Select(run => run.ClientId!).Order());
        Assert.Equal(
            ["again: from above, prod", "agent: from above, prod", "inner: from above, prod", "once: from above, prod", "outer: from above, prod"],
            (await ListAsync(9)).Select(run => $"{run.ClientId}: {run.EffectiveTags}, {run.Environment.Effective}").Order(StringComparer.Ordinal));
        Assert.Equal(162, (await _store.TotalsAsync(StoreScenario.Project, RunGroup.Trace, [Id("agent")], Cancel)).Single().Value.Tokens);
        await _store.DisposeAsync();
        Assert.Equal([], RunFileCheck.Run(file).Problems);

        RunEvent Ended(string name, string parent, long input, long? output, string? call) => Start(name, month: 0) with
        {
            Kind = RunEventKind.End,
            StartTime = s_origin,
            ParentId = Id(parent),
            Usage = new Usage(input, output),
            CallId = call,
        };

        async Task<RunSums> SumAsync() => (await _store.AnalyticsAsync(
            StoreScenario.Project, new AnalyticsQuery { Bounds = [Instant.MinValue, Instant.MaxValue], By = Facet.Type }, Cancel)).Single(series => series.Key.Type == RunTypes.Llm).Periods[0]!;

        Task<IReadOnlyList<LedgerEntry>> LedgerAsync() => _store.LedgerAsync(StoreScenario.Project, DateOnly.MinValue, DateOnly.MaxValue, Cancel);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_damaged_file_is_left_alone_and_the_others_serve(int month)
    {
        await StoreAsync([.. Enumerable.Range(0, 300).Select(i => Start($"old {i}", month: 0) with { Input = Text(i, 900) })]);
        await StoreAsync([.. Enumerable.Range(0, 300).Select(i => Start($"new {i}", month: 1) with { Input = Text(i, 900) })]);
        await _store.DisposeAsync();
        using (var file = File.OpenWrite(ProjectFolder.RunFiles(Project).ElementAt(month)))
        {
            file.Position = 4096;
            file.Write(new byte[file.Length - 8192]);
        }

        _store = Open();
        await StoreAsync(Start("newest", month: 1), Start("below", month: 1) with { ParentId = Id("newest") });

        Assert.NotNull(await _store.FindAsync(StoreScenario.Project, Id("newest"), Cancel));
        Assert.NotNull(await _store.FindAsync(StoreScenario.Project, Id(month == 0 ? "new 7" : "old 7"), Cancel));
        Assert.Null(await _store.FindAsync(StoreScenario.Project, Id(month == 0 ? "old 7" : "new 7"), Cancel));
        Assert.Equal(302, await _store.CountAsync(StoreScenario.Project, RunScope.All, Filter.All, Timeout.InfiniteTimeSpan, Cancel));
    }

    [Fact]
    public async Task A_project_kept_for_a_short_time_has_files_of_a_week()
    {
        await _store.ForgetAsync(StoreScenario.Project, s_origin + TimeSpan.FromDays(-30), Cancel);
        await StoreAsync(Start("a", month: 0));

        Assert.Equal(["runs-2026-08-10.db"], RunFiles);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static RunId Id(string name) => RunId.FromClient(name);

    private static RawJson Text(int seed, int length, string word = "word") =>
        RawJson.OfString($"{word} {string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (((i + 1) * (seed + 7) * 7919) % 26))))}");

    private static RunEvent Start(string name, int month) => new()
    {
        Kind = RunEventKind.Start,
        Id = Id(name),
        ClientId = name,
        Type = RunTypes.Llm,
        Time = s_origin + TimeSpan.FromDays(31 * month),
        ReceivedAt = s_origin + TimeSpan.FromDays(31 * month),
        ContentHash = Id(name).Low,
    };

    private static RunEvent Message(string name, int month) => Start(name, month) with
    {
        Kind = RunEventKind.Chat,
        Type = null,
        ParentId = Id("thread"),
        Thread = new ThreadFacts(null, null, default),
        Message = new ChatMessage("user", RawJson.Parse($$"""{"role":"user","content":"{{name}}"}"""), IsRetry: false),
    };

    private SqliteRunStore Open() => new(_folder, NullLogger<SqliteRunStore>.Instance);

    private async Task StoreAsync(params RunEvent[] events) => await _store.CommitAsync(StoreScenario.Project, events, Cancel);

    private async Task<IReadOnlyList<Run>> ListAsync(int limit) => (await _store.ListAsync(StoreScenario.Project, new RunQuery { Limit = limit }, Cancel)).Runs;

    private List<long> Runs() => [.. ProjectFolder.RunFiles(Project).Select(file =>
    {
        using var db = Database.OpenGuest(file);
        return db.ScalarInt64("SELECT count(*) FROM run");
    })];

    private bool Contains(string text)
    {
        var needle = Encoding.UTF8.GetBytes(text);
        return Directory.GetFiles(Project).Any(path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(needle) >= 0;
        });
    }
}
