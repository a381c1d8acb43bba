namespace Perilune.Crash.Tests;

/// <summary>A kill alone proves little: what was written but not synced is still there after it. Here it is not.</summary>
public sealed class PowerLossTests : IDisposable
{
    private readonly CrashScenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Every_acknowledged_event_survives_the_loss_of_power()
    {
        const int Losses = 8;
        for (var loss = 0; loss < Losses; loss++)
        {
            // Every other time the disk had some of the unsynced writes already.
            var audit = await _scenario.AuditAndLosePowerAsync(ignoreSync: false, seed: loss % 2 == 0 ? 0 : 1 + _scenario.Random.Next(int.MaxValue - 1));
            AssertWhole(audit);
        }

        AssertWhole(await _scenario.AuditAsync());
    }

    [Fact]
    public async Task Losses_would_be_noticed_if_the_server_did_not_sync()
    {
        AssertWhole(await _scenario.AuditAndLosePowerAsync(ignoreSync: false, seed: 0));
        AssertWhole(await _scenario.AuditAndLosePowerAsync(ignoreSync: true, seed: 0));
        Assert.NotEmpty((await _scenario.AuditAsync()).Lost);
    }

    private static void AssertWhole(Audit audit)
    {
        Assert.Empty(audit.Wrong);
        Assert.Empty(audit.Lost);
    }
}
