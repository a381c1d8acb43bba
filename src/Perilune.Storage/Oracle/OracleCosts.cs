using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Pricing;

namespace Perilune.Storage.Oracle;

/// <summary>What the calls of a project were priced at: the one thing that cannot be computed anew, since prices change.</summary>
internal sealed class OracleCosts(Func<PriceBook> prices)
{
    private readonly Dictionary<RunId, (PricedCall Call, long? Cost)> _kept = [];

    /// <summary>The cost as it was when the call was last another one; at the prices of now when it never was priced.</summary>
    public long? Of(RunState state)
    {
        if (PricedCall.Of(state) is not { } call)
        {
            return null;
        }

        if (!_kept.TryGetValue(state.Id, out var kept) || kept.Call != call)
        {
            _kept[state.Id] = kept = (call, call.CostBy(prices()));
        }

        return kept.Cost;
    }

    /// <summary>What the call would cost at the prices of now.</summary>
    public long? Now(RunId run) => _kept[run].Call.CostBy(prices());

    public void Forget(IEnumerable<RunId> runs)
    {
        foreach (var run in runs)
        {
            _kept.Remove(run);
        }
    }

    public void KeepOnly(IEnumerable<RunId> runs) => Forget([.. _kept.Keys.Except(runs)]);
}
