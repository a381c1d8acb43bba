using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Storage.Sqlite;

namespace Perilune.Load.Keeping;

/// <summary>
/// Times what comes late and concerns every run of a large trace: the run above its root, and a user of its root. How long
/// until each is acknowledged, until every run has taken its place, and what others of the project wait meanwhile.
/// </summary>
internal static class MoveCommand
{
    private const int EventsAtOnce = 1000;
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(5);
    private static readonly Guid s_project = Guid.CreateVersion7();
    private static readonly Instant s_start = Instant.From(DateTimeOffset.UnixEpoch.AddYears(56));

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var runs = arguments.Int("runs", 900_000);
        arguments.RefuseUnread();
        var folder = Directory.CreateTempSubdirectory("perilune-move-").FullName;
        try
        {
            await using var store = new SqliteRunStore(folder, NullLogger<SqliteRunStore>.Instance);
            foreach (var events in Enumerable.Range(1, runs).Select(Run).Chunk(EventsAtOnce))
            {
                await store.CommitAsync(s_project, events, cancellationToken);
            }

            // What the disk still has to do after that is not what is timed.
            await Task.Delay(s_rest, cancellationToken);
            await TimeAsync(store, "a run above the root", Run(0), cancellationToken);
            await TimeAsync(store, "a user of the root", Run(1) with { Kind = RunEventKind.End, UserId = "ann", ContentHash = ulong.MaxValue }, cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory at most {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TimeAsync(SqliteRunStore store, string what, RunEvent late, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await store.CommitAsync(s_project, [late], cancellationToken);
        var (acknowledged, waits, moved) = (clock.Elapsed, new List<double>(), TimeSpan.Zero);
        do
        {
            await Task.Delay(s_pace, cancellationToken);
            var before = clock.Elapsed;
            await store.CommitAsync(s_project, [Beside()], cancellationToken);
            waits.Add((clock.Elapsed - before).TotalMilliseconds);
            moved = store.MovesOf(s_project, trace: null) is { All: { } all, Done: var done } && done < all ? clock.Elapsed : moved;
        }
        while (store.MovesOf(s_project, trace: null) is not null);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: acknowledged after {acknowledged.TotalMilliseconds:0.0} ms, last run moved after {moved.TotalSeconds:0.00} s, seen to be all after {clock.Elapsed.TotalSeconds:0.00} s; meanwhile {waits.Count} others waited {Percentiles.Of(waits).Describe("ms")}"));
    }

    private static RunEvent Beside() => Run(0) with { Id = RunId.FromClient(Guid.CreateVersion7().ToString()), Type = RunTypes.Llm };

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
