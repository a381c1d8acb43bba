namespace Perilune.Crash.Tests;

public sealed class KillTests : IDisposable
{
    private readonly CrashScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Every_acknowledged_event_survives_the_killing_of_the_server()
    {
        const int Kills = 20;
        for (var kill = 0; kill < Kills; kill++)
        {
            await _scenario.LoadAndKillAsync();
        }

        var audit = await _scenario.AuditAsync();
        Assert.Empty(audit.Wrong);
        Assert.Empty(audit.Lost);
    }
}
