using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Pricing;

namespace Perilune.Storage;

/// <summary>
/// All that the cost of a run depends on, apart from the prices. While it stays the same, so does the cost as it was
/// first computed: what a run cost changes only when somebody asks for that.
/// </summary>
internal sealed record PricedCall(string? Provider, string? Name, string? Served, Instant Start, Usage? Usage, long? Given)
{
    /// <summary>Null for runs that are no model calls, which have no cost.</summary>
    public static PricedCall? Of(RunState state) => !RunTypes.IsModelCall(state.Type.Value) ? null : new PricedCall(
        state.Provider.Value, state.Name.Value, state.ServedModel.Value, state.Start, state.Usage.Value, state.GivenCost.IsSet ? state.GivenCost.Value : null);

    /// <summary>Nano-USD at the prices of the run's time; null where usage or price is unknown.</summary>
    public long? CostBy(PriceBook book) => CallPricing.Of(book, Provider, Name, Served, Start, Usage, Given).Cost.NanoUsd;
}
