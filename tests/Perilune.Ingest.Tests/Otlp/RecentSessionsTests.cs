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
        sessions.Set(default, kept, isTold: true);
        for (var i = 0; i < 1000; i++)
        {
            sessions.Set(default, RunId.FromClient($"{i}"), isTold: false);
            Assert.True(i % 40 != 0 || sessions.Find(default, kept) is true);
            Assert.InRange(sessions.Count, 1, 100);
        }

        Assert.False(sessions.Find(default, RunId.FromClient("999")));
        Assert.Null(sessions.Find(default, RunId.FromClient("0")));
        Assert.Null(sessions.Find(Guid.CreateVersion7(), kept));
        sessions.Set(default, RunId.FromClient("999"), isTold: true);
        Assert.True(sessions.Find(default, RunId.FromClient("999")));
    }
}
