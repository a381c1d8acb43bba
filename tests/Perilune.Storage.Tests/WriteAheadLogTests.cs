using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Maintenance;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Tests;

/// <summary>Logs are copied beside their writers and stay short, whoever reads meanwhile.</summary>
public sealed class WriteAheadLogTests : IDisposable
{
    private const int PageBytes = 4096;
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-log-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Runs => Path.Combine(_folder, "runs.db");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_log_that_is_written_to_all_the_time_stays_short(bool hasThread)
    {
        using var thread = hasThread ? new CheckpointThread() : null;
        using var log = new WriteAheadLog(Runs, thread);
        using var writer = Open(log);

        var pages = 0;
        while (pages < 60_000)
        {
            pages += Write(writer, log);
        }

        // It is begun anew at 4,000 pages and those that come in while it is copied; at 16,000 the writer waits.
        Assert.InRange(new FileInfo(Runs + "-wal").Length / PageBytes, 4000, 17_000);
        log.End();
    }

    [Fact]
    public void A_reader_that_stays_keeps_the_log_and_lets_it_go_when_it_ends()
    {
        using var thread = new CheckpointThread();
        using var log = new WriteAheadLog(Runs, thread);
        using var writer = Open(log);
        Write(writer, log);
        using (var reader = Database.OpenReader(Runs))
        {
            reader.Execute("BEGIN");
            var seen = reader.ScalarInt64("SELECT count(*) FROM t");
            for (var pages = 0; pages < 24_000;)
            {
                pages += Write(writer, log);
            }

            Assert.Equal(seen, reader.ScalarInt64("SELECT count(*) FROM t"));
            Assert.True(new FileInfo(Runs + "-wal").Length / PageBytes > 20_000);
            reader.EndRead();
        }

        var length = new FileInfo(Runs + "-wal").Length;
        for (var pages = 0; pages < 24_000;)
        {
            pages += Write(writer, log);
        }

        Assert.True(new FileInfo(Runs + "-wal").Length < length + (8000L * PageBytes), "The log went on growing when nobody read any more.");
        log.End();
    }

    [Fact]
    public async Task What_is_copied_beside_the_writer_is_whole_after_it()
    {
        var random = new Random(5);
        await using (var store = new SqliteRunStore(_folder, NullLogger<SqliteRunStore>.Instance))
        {
            for (var batch = 0; batch < 60; batch++)
            {
                await store.CommitAsync(StoreScenario.Project, [.. Enumerable.Range(0, 40).Select(i => Event(random, $"{batch}-{i}"))], Cancel);
            }
        }

        var project = Path.Combine(_folder, "projects", StoreScenario.Project.ToString());
        Assert.Equal([], ProjectCheck.Run(project));
        await using var again = new SqliteRunStore(_folder, NullLogger<SqliteRunStore>.Instance);
        Assert.Equal(60 * 40, await again.CountAsync(StoreScenario.Project, RunScope.All, Model.Filtering.Filter.All, Timeout.InfiniteTimeSpan, Cancel));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Database Open(WriteAheadLog log)
    {
        var writer = Database.OpenWriter(Runs);
        writer.Execute("PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0; CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, data BLOB)");
        log.Begin();
        return writer;
    }

    // A commit of some hundred pages; how many.
    private static int Write(Database writer, WriteAheadLog log)
    {
        var before = writer.PagesWritten;
        writer.Execute("BEGIN; INSERT INTO t(data) SELECT randomblob(4000) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT i FROM n); COMMIT");
        log.Committed(writer);
        return (int)(writer.PagesWritten - before);
    }

    private static RunEvent Event(Random random, string name)
    {
        var text = new byte[24_000];
        random.NextBytes(text);
        return new RunEvent
        {
            Id = RunId.FromClient(name),
            ClientId = name,
            Kind = RunEventKind.Start,
            Type = RunTypes.Llm,
            ReceivedAt = EventGen.Origin,
            Time = EventGen.Origin,
            StartTime = EventGen.Origin,
            Input = RawJson.OfString(Convert.ToBase64String(text)),
            ContentHash = (ulong)random.NextInt64(),
        };
    }
}
