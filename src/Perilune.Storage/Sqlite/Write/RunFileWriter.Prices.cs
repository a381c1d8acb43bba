using Perilune.Model;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    /// <summary>Gives runs the cost that the prices of now give. Those that are not here any more are left out. After <see cref="Flush"/>.</summary>
    public PriceChange Reprice(IReadOnlyList<RunId> ids)
    {
        var (sum, prices) = (default(PriceChange), _prices());
        foreach (var id in ids)
        {
            // Not kept in memory: what events are about is there for a reason, and old runs would drive it out.
            var entry = _entries.Find(id) ?? LoadRun(id);
            if (entry is not { Stored: EntryKind.Run, PricedAs: { } call })
            {
                continue;
            }

            var change = PriceChange.Of(entry.Cost, call.CostBy(prices));
            if (change.Changed > 0)
            {
                entry.Cost = call.CostBy(prices);
                _db.Prepare("UPDATE run SET cost = ?2 WHERE seq = ?1").Bind(1, entry.Seq).Bind(2, entry.Cost).Run();
                Recount(entry, isNew: false);
            }

            sum = sum.Plus(change);
        }

        _counts.Write();
        return sum;
    }

    // What a run cost stays, unless what it was priced by is not so any more.
    private void Price(RunEntry entry)
    {
        var call = PricedCall.Of(entry.State);
        if (call != entry.PricedAs)
        {
            (entry.Cost, entry.PricedAs) = (call?.CostBy(_prices()), call);
        }
    }
}
