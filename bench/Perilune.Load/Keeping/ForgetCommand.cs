using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Storage.Sqlite;

namespace Perilune.Load.Keeping;

/// <summary>
/// Times how a project lets go of what began before a moment, on the data folder of a server that was stopped. It really
/// does: use a copy.
/// </summary>
internal static class ForgetCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var data = arguments.Required("data");
        var project = Guid.Parse(arguments.Required("project"), CultureInfo.InvariantCulture);
        var before = DateTimeOffset.Parse(arguments.Required("before"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        arguments.RefuseUnread();
        var folder = Path.Combine(data, "projects", project.ToString());
        var bytes = Size(folder);
        await using (var store = new SqliteRunStore(data, NullLogger<SqliteRunStore>.Instance))
        {
            // What the first question of a process costs is not what is timed.
            await store.FindAsync(project, RunId.None, cancellationToken);
            await store.ForgetAsync(project, Instant.MinValue, cancellationToken);
            var clock = Stopwatch.StartNew();
            var forgotten = store.ForgetAsync(project, Instant.From(before), cancellationToken);
            await store.CommitAsync(project, [new RunEvent { Kind = RunEventKind.Start, Id = RunId.FromClient("came-meanwhile"), ContentHash = 1, ReceivedAt = Instant.From(TimeProvider.System.GetUtcNow()) }], cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"forgot, and stored what came meanwhile, in {clock.Elapsed.TotalMilliseconds:0.0} ms"));
            await forgotten;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"had the space back after {clock.Elapsed.TotalMilliseconds:0.0} ms"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"on disk {bytes / 1e6:0.0} MB before, {Size(folder) / 1e6:0.0} MB after"));
        return 0;
    }

    private static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
}
