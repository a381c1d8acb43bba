using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Ingest.Lunary;
using Perilune.Model;
using Perilune.Storage.Sqlite;

namespace Perilune.Benchmarks;

/// <summary>
/// Durable commits of 20 events each, 16 of them waiting at a time as with 16 connections. The times are per request, without
/// HTTP and decoding.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class CommitBenchmarks
{
    private const int Requests = 1600;

    private readonly Guid _project = Guid.CreateVersion7();
    private string _folder = "";
    private RunEvent[][] _requests = [];

    [GlobalSetup]
    public void Decode() => _requests = [.. Bodies.Take(Requests).Select(static body =>
        LunaryDecoder.Decode(body, new Instant(0)).Items.Select(static item => item.Event).OfType<RunEvent>().ToArray())];

    [IterationSetup]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("perilune-bench-").FullName;

    [IterationCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Requests)]
    public async Task Commit()
    {
        await using var store = new SqliteRunStore(_folder, NullLogger<SqliteRunStore>.Instance);
        await Parallel.ForEachAsync(
            _requests, new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (events, cancellationToken) => await store.CommitAsync(_project, events, cancellationToken));
    }
}
