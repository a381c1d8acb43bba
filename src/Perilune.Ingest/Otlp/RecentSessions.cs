using Perilune.Model;

namespace Perilune.Ingest.Otlp;

/// <summary>
/// Remembers of sessions whether calls tell of them. One that was asked for goes no sooner than half the capacity of others
/// came after it.
/// </summary>
/// <param name="capacity">How many it remembers at most.</param>
internal sealed class RecentSessions(int capacity)
{
    private readonly Lock _gate = new();
    private Dictionary<(Guid Project, RunId Session), bool> _newer = [];
    private Dictionary<(Guid Project, RunId Session), bool> _older = [];

    public int Count => _newer.Count + _older.Count;

    /// <summary>Null when it is not remembered.</summary>
    public bool? Find(Guid project, RunId session)
    {
        lock (_gate)
        {
            if (_older.TryGetValue((project, session), out var isTold))
            {
                Remember((project, session), isTold);
            }

            return _newer.TryGetValue((project, session), out isTold) ? isTold : null;
        }
    }

    public void Set(Guid project, RunId session, bool isTold)
    {
        lock (_gate)
        {
            Remember((project, session), isTold);
        }
    }

    private void Remember((Guid Project, RunId Session) session, bool isTold)
    {
        if (_newer.Count >= capacity / 2 && !_newer.ContainsKey(session))
        {
            (_older, _newer) = (_newer, []);
        }

        _older.Remove(session);
        _newer[session] = isTold;
    }
}
