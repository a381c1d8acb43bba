using Perilune.Ingest.Otlp;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

public sealed class RecentSessionsTests
{
    [Fact]
    public void Remembers_the_sessions_asked_for_last_and_no_more_than_it_may()
    {
        var sessions = new RecentSessions(100);
        var kept = RunId.FromClient("kept");
        sessions.Add(default, kept);
        for (var i = 0; i < 1000; i++)
        {
            sessions.Add(default, RunId.FromClient($"{i}"));
            Assert.True(i % 40 != 0 || sessions.Contains(default, kept));
            Assert.InRange(sessions.Count, 1, 100);
        }

        Assert.True(sessions.Contains(default, RunId.FromClient("999")));
        Assert.False(sessions.Contains(default, RunId.FromClient("0")));
        Assert.False(sessions.Contains(Guid.CreateVersion7(), kept));
    }
}
