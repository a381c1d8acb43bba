using System.Globalization;

namespace Perilune.Crash.Tests;

/// <summary>One data folder that outlives its servers, and clients that remember what was acknowledged.</summary>
internal sealed class CrashScenario : IDisposable
{
    private const int Clients = 6;

    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("CRASH_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Environment.ProcessId;

    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-crash-").FullName;
    private readonly Ledger _ledger = new();
    private readonly List<LoadClient> _clients;

    public CrashScenario()
    {
        _clients = [.. Enumerable.Range(0, Clients).Select(client => new LoadClient(s_seed, client, _ledger))];
        Note($"CRASH_SEED={s_seed} repeats the traffic and the moments.");
    }

    public Random Random { get; } = new(s_seed);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Root => Path.Combine(_folder, "root");

    private string Journal => Path.Combine(_folder, "journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public async Task LoadAndKillAsync()
    {
        using var server = await StartAsync(environment: null);
        await LoadAndKillAsync(server);
    }

    /// <summary>Compares what the last loss of power left, loads the same server and takes its power away.</summary>
    /// <param name="ignoreSync">As if the server had never synced.</param>
    /// <param name="seed">0: nothing unsynced was on the disk; else some of it was.</param>
    public async Task<Audit> AuditAndLosePowerAsync(bool ignoreSync, int seed)
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Journal);
        Audit audit;
        using (var server = await StartAsync(Shim.Built.Environment(Root, Journal, ignoreSync)))
        {
            audit = await AuditAsync(server);
            await LoadAndKillAsync(server);
        }

        Note(Shim.Built.TakeBack(Root, Journal, seed));
        Directory.Delete(Journal, recursive: true);
        return audit;
    }

    public async Task<Audit> AuditAsync()
    {
        using var server = await StartAsync(environment: null);
        return await AuditAsync(server);
    }

    private Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string>? environment) =>
        ServerProcess.StartAsync(Path.Combine(Root, "data"), environment, Cancel);

    private async Task<Audit> AuditAsync(ServerProcess server)
    {
        var audit = await Audit.RunAsync(server, _ledger, Cancel);
        Note($"{_ledger.Acknowledged} events acknowledged, {_ledger.Unsure} unanswered, {audit.Lost.Count} lost, {audit.Wrong.Count} wrong");
        return audit;
    }

    private async Task LoadAndKillAsync(ServerProcess server)
    {
        // What was unanswered may be on the disk already, and is sent again: only more than that is new.
        var known = _ledger.Acknowledged + _clients.Sum(static client => client.Unanswered);
        var loads = _clients.Select(client => client.SendUntilKilledAsync(server, Cancel)).ToList();

        // A kill before anything new was acknowledged would prove nothing.
        while (_ledger.Acknowledged <= known && !loads.Exists(static load => load.IsCompleted))
        {
            await Task.Delay(5, Cancel);
        }

        await Task.Delay(Random.Next(300), Cancel);
        server.Kill();
        await Task.WhenAll(loads);
    }

    private static void Note(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
