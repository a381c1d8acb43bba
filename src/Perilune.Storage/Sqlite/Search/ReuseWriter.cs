using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// Writes down which run a body comes from, and how later runs that hold it too are found: from the newest of the runs
/// whose bodies a run holds, which in a conversation is its last turn and has nearly all the others as well. Only bodies
/// that it is not known to have get a path of their own.
/// </summary>
internal sealed class ReuseWriter(Database index)
{
    private readonly BodySets _sets = new();
    private readonly HashSet<long> _linked = [];
    private long _lastOwned = index.ScalarInt64("SELECT max(last) FROM piece WHERE first = (SELECT max(first) FROM piece)");

    /// <param name="run">The run's number.</param>
    /// <param name="bodies">All the bodies it holds now, in order, each once.</param>
    public void Add(long run, long[] bodies)
    {
        _linked.Clear();
        var before = _sets.Find(run) ?? [];
        var lastOwned = _lastOwned;
        var covered = new bool[bodies.Length];
        Cover(covered, bodies, bodies.Length, before);
        var (first, last) = (0L, -1L);
        for (var i = bodies.Length - 1; i >= 0; i--)
        {
            var body = bodies[i];
            if (covered[i])
            {
                continue;
            }

            var owner = body > lastOwned ? null : OwnerOf(body);
            if (owner is null)
            {
                if (body != first - 1)
                {
                    Own(first, last, run);
                    last = body;
                }

                first = body;
            }
            else if (owner != run && _linked.Add(owner.Value))
            {
                Link(owner.Value, run, body);
                Cover(covered, bodies, i, _sets.Find(owner.Value) ?? []);
            }
        }

        Own(first, last, run);
        _sets.Put(run, bodies);
    }

    /// <summary>After a rollback: what is remembered may not be written.</summary>
    public void Forget()
    {
        _sets.Clear();
        _lastOwned = index.ScalarInt64("SELECT max(last) FROM piece WHERE first = (SELECT max(first) FROM piece)");
    }

    private static void Cover(bool[] covered, long[] bodies, int until, long[] others)
    {
        for (int i = 0, k = 0; i < until && k < others.Length;)
        {
            if (bodies[i] == others[k])
            {
                covered[i] = true;
            }

            (i, k) = bodies[i] <= others[k] ? (i + 1, k) : (i, k + 1);
        }
    }

    private long? OwnerOf(long body)
    {
        var row = index.Prepare("SELECT last, run FROM piece WHERE first <= ?1 ORDER BY first DESC LIMIT 1").Bind(1, body);
        long? owner = row.Step() && row.Int64(0) >= body ? row.Int64(1) : null;
        row.Reset();
        return owner;
    }

    private void Own(long first, long last, long run)
    {
        if (first <= last)
        {
            index.Prepare("INSERT INTO piece(first, last, run) VALUES(?1, ?2, ?3)").Bind(1, first).Bind(2, last).Bind(3, run).Run();
            _lastOwned = Math.Max(_lastOwned, last);
        }
    }

    private void Link(long owner, long user, long upto) =>
        index.Prepare("INSERT INTO reuse(owner, user, upto) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET upto = max(upto, excluded.upto)")
            .Bind(1, owner).Bind(2, user).Bind(3, upto).Run();
}
