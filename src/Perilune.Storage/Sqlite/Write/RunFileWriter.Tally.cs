using System.Runtime.InteropServices;
using Perilune.Model.Traces;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private readonly Dictionary<long, (long Runs, long Roots)> _tally = [];

    private void Count(RunEntry entry, bool isNew)
    {
        var type = TermOf(entry.Type) ?? 0;
        var isRoot = IsRoot(entry.State.Id, entry.Place, entry.Type);
        if (!isNew && type == entry.CountedType && isRoot == entry.CountedRoot)
        {
            return;
        }

        if (!isNew)
        {
            Uncount(entry);
        }

        Add(type, 1, isRoot ? 1 : 0);
        entry.CountedType = type;
        entry.CountedRoot = isRoot;
    }

    private void Uncount(RunEntry entry) => Add(entry.CountedType, -1, entry.CountedRoot ? -1 : 0);

    private void CountMove(PlacedNode node, TracePlace place)
    {
        var (was, now) = (IsRoot(node.Id, node.Place, node.Type), IsRoot(node.Id, place, node.Type));
        if (was != now)
        {
            Add(TermOf(node.Type) ?? 0, 0, now ? 1 : -1);
        }
    }

    private void Add(long type, long runs, long roots)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_tally, type, out _);
        sum = (sum.Runs + runs, sum.Roots + roots);
    }

    private void WriteTally()
    {
        foreach (var (type, sum) in _tally)
        {
            _db.Prepare("INSERT INTO tally(type, runs, roots) VALUES(?1, ?2, ?3) ON CONFLICT(type) DO UPDATE SET runs = runs + ?2, roots = roots + ?3")
                .Bind(1, type).Bind(2, sum.Runs).Bind(3, sum.Roots).Run();
        }

        _tally.Clear();
    }
}
