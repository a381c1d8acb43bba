using Perilune.Model;

namespace Perilune.Ingest.Otlp;

/// <summary>
/// Remembers sessions. One that was asked for goes no sooner than half the capacity of others came after it.
/// </summary>
/// <param name="capacity">How many it remembers at most.</param>
internal sealed class RecentSessions(int capacity)
{
    private readonly Lock _gate = new();
    private HashSet<(Guid Project, RunId Session)> _newer = [];
    private HashSet<(Guid Project, RunId Session)> _older = [];

    public int Count => _newer.Count + _older.Count;

    public bool Contains(Guid project, RunId session)
    {
        lock (_gate)
        {
            if (_older.Contains((project, session)))
            {
                Remember(project, session);
            }

            return _newer.Contains((project, session));
        }
    }

    public void Add(Guid project, RunId session)
    {
        lock (_gate)
        {
            Remember(project, session);
        }
    }

    private void Remember(Guid project, RunId session)
    {
        if (_newer.Count >= capacity / 2 && !_newer.Contains((project, session)))
        {
            (_older, _newer) = (_newer, []);
        }

        _older.Remove((project, session));
        _newer.Add((project, session));
    }
}
