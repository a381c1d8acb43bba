using System.Globalization;

namespace Perilune.Crash.Tests;

/// <summary>An acknowledged event is stored: the real server is killed under load, again and again, on one data folder.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Clients = 6;

    private static readonly int s_seed = int.TryParse(Environment.GetEnvironmentVariable("CRASH_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Environment.ProcessId;

    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-crash-").FullName;
    private readonly Ledger _ledger = new();
    private readonly Random _random = new(s_seed);
    private readonly List<LoadClient> _clients;

    public CrashTests()
    {
        _clients = [.. Enumerable.Range(0, Clients).Select(client => new LoadClient(s_seed, client, _ledger))];
        Note($"CRASH_SEED={s_seed} repeats the traffic and the moments.");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string DataFolder => Path.Combine(_folder, "root", "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_acknowledged_event_survives_the_killing_of_the_server()
    {
        const int Kills = 20;
        for (var kill = 0; kill < Kills; kill++)
        {
            await LoadAndKillAsync(environment: null);
        }

        var audit = await AuditAsync();
        Assert.Empty(audit.Wrong);
        Assert.Empty(audit.Lost);
    }

    [Fact]
    public async Task Every_acknowledged_event_survives_the_loss_of_power()
    {
        const int Losses = 8;
        for (var loss = 0; loss < Losses; loss++)
        {
            // Every other time the disk had some of the unsynced writes already.
            await LoseAllUnsyncedAsync(ignoreSync: false, seed: loss % 2 == 0 ? 0 : _random.Next());
            var audit = await AuditAsync();
            Assert.Empty(audit.Wrong);
            Assert.Empty(audit.Lost);
        }
    }

    [Fact]
    public async Task Losses_would_be_noticed_if_the_server_did_not_sync()
    {
        await LoseAllUnsyncedAsync(ignoreSync: false, seed: 0);
        Assert.Empty((await AuditAsync()).Lost);
        await LoseAllUnsyncedAsync(ignoreSync: true, seed: 0);
        Assert.NotEmpty((await AuditAsync()).Lost);
    }

    private async Task LoseAllUnsyncedAsync(bool ignoreSync, int seed)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        var journal = Directory.CreateDirectory(Path.Combine(_folder, "journal")).FullName;
        await LoadAndKillAsync(Shim.Built.Environment(root, journal, ignoreSync));
        Note(Shim.Built.TakeBack(root, journal, seed));
        Directory.Delete(journal, recursive: true);
    }

    private async Task LoadAndKillAsync(IReadOnlyDictionary<string, string>? environment)
    {
        using var server = await ServerProcess.StartAsync(DataFolder, environment, Cancel);
        var loads = _clients.Select(client => client.SendUntilKilledAsync(server, Cancel)).ToList();
        await WaitForAcknowledgementsAsync(_ledger.Acknowledged, loads);
        await Task.Delay(_random.Next(300), Cancel);
        server.Kill();
        await Task.WhenAll(loads);
    }

    /// <summary>A kill before anything was acknowledged would prove nothing.</summary>
    private async Task WaitForAcknowledgementsAsync(int before, List<Task> loads)
    {
        while (_ledger.Acknowledged == before && !loads.Exists(static load => load.IsCompleted))
        {
            await Task.Delay(5, Cancel);
        }
    }

    private async Task<Audit> AuditAsync()
    {
        using var server = await ServerProcess.StartAsync(DataFolder, environment: null, Cancel);
        var audit = await Audit.RunAsync(server, _ledger, Cancel);
        Note($"{_ledger.Acknowledged} events acknowledged, {_ledger.Unsure} unanswered, {audit.Lost.Count} lost, {audit.Wrong.Count} wrong");
        return audit;
    }

    private static void Note(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
