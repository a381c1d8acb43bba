namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// Which bodies runs held when they were last indexed, for runs of late: two generations with a bound on the bodies in each.
/// </summary>
internal sealed class BodySets
{
    private const int BodiesPerGeneration = 1 << 17;
    private Dictionary<long, long[]> _young = [];
    private Dictionary<long, long[]> _old = [];
    private int _bodies;

    /// <summary>The bodies of a run in order; null when they are not remembered.</summary>
    public long[]? Find(long run)
    {
        if (_young.TryGetValue(run, out var bodies))
        {
            return bodies;
        }

        if (_old.Remove(run, out bodies))
        {
            Put(run, bodies);
        }

        return bodies;
    }

    public void Put(long run, long[] bodies)
    {
        if (_bodies >= BodiesPerGeneration)
        {
            (_old, _young, _bodies) = (_young, [], 0);
        }

        _young[run] = bodies;
        _bodies += bodies.Length + 4;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
        _bodies = 0;
    }
}
