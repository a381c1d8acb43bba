using System.Collections.Concurrent;

namespace Perilune.Ingest;

/// <summary>The last event of each project that was refused, in memory, for whoever is setting an application up.</summary>
public sealed class RefusalLog(TimeProvider clock)
{
    private const int MaxProjects = 1_000;

    private readonly ConcurrentDictionary<Guid, Refused> _last = new();

    public Refused? Last(Guid project) => _last.GetValueOrDefault(project);

    internal void Note(Guid project, string reason)
    {
        if (_last.Count >= MaxProjects && !_last.ContainsKey(project))
        {
            _last.Clear();
        }

        _last[project] = new Refused(clock.GetUtcNow(), reason);
    }
}

/// <param name="Reason">What was wrong, as the sender was told.</param>
public sealed record Refused(DateTimeOffset At, string Reason);
