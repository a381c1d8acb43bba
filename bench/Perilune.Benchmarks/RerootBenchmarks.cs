using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Storage.Sqlite;

namespace Perilune.Benchmarks;

/// <summary>
/// What comes late and concerns every run of a trace: the run above its root, and a user of its root. One commit each, which
/// rewrites all rows of the trace before it is acknowledged. Larger traces are moved in steps: <c>Perilune.Load move</c>.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Closed after each iteration.")]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 3, invocationCount: 1)]
public class RerootBenchmarks
{
    private const int EventsAtOnce = 1000;
    private static readonly Instant s_start = Instant.From(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly Guid _project = Guid.CreateVersion7();
    private string _folder = "";
    private SqliteRunStore? _store;

    [Params(1_000, 9_000)]
    public int Runs { get; set; }

    [IterationSetup]
    public void Fill()
    {
        _folder = Directory.CreateTempSubdirectory("perilune-bench-").FullName;
        _store = new SqliteRunStore(_folder, NullLogger<SqliteRunStore>.Instance);
        foreach (var events in Enumerable.Range(1, Runs).Select(Run).Chunk(EventsAtOnce))
        {
            _store.CommitAsync(_project, events, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    [IterationCleanup]
    public void Drop()
    {
        _store!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public Task ParentOfTheRoot() => _store!.CommitAsync(_project, [Run(0)], CancellationToken.None);

    [Benchmark]
    public Task UserOfTheRoot() => _store!.CommitAsync(_project, [Run(1) with { Kind = RunEventKind.End, UserId = "ann", ContentHash = ulong.MaxValue }], CancellationToken.None);

    // 1 is the root, below a run that has not come; the others stand below it, in tens.
    private static RunEvent Run(int number) => new()
    {
        Kind = RunEventKind.Start,
        Id = new RunId(1, (ulong)number),
        ParentId = number == 0 ? null : new RunId(1, number == 1 ? 0 : (ulong)(number / 10) + 1),
        Type = number == 1 ? RunTypes.Agent : RunTypes.Llm,
        Name = "gpt-5",
        Time = s_start + TimeSpan.FromMilliseconds(number),
        ReceivedAt = s_start + TimeSpan.FromMilliseconds(number),
        ContentHash = (ulong)number,
    };
}
