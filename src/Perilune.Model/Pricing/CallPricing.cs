namespace Perilune.Model.Pricing;

/// <summary>What a model call cost, by the model that served it or else by the name that was asked for.</summary>
public static class CallPricing
{
    /// <summary>The cost and the name that it was priced by.</summary>
    /// <param name="name">The model asked for, or a deployment's name.</param>
    /// <param name="served">The model that answered, if the client knows.</param>
    /// <param name="given">The client's own number in nano-USD.</param>
    public static (Cost Cost, string? Model) Of(PriceBook book, string? provider, string? name, string? served, Instant at, Usage? usage, long? given)
    {
        // A price that a project set is for whichever of the two names it gives.
        if (book.FindOwn(provider, served, at) is null && book.FindOwn(provider, name, at) is not null)
        {
            return (book.Price(provider, name, at, usage, given), name);
        }

        // The served model is the one that is billed; a deployment's or an alias' price is better than none.
        var cost = book.Price(provider, served, at, usage, given);
        return cost.Source is CostSource.Computed || name is null || name == served
            ? (cost, served)
            : (book.Price(provider, name, at, usage, given), name);
    }

    /// <summary>The cost of a model call by today's price book, with the sum behind it.</summary>
    public static CostStatement Explain(PriceBook book, Run run)
    {
        var (cost, model) = Of(book, run.Provider, run.Name, run.ServedModel, run.Start, run.Usage, run.GivenCost);
        var price = book.Find(run.Provider, model, run.Start);
        return new CostStatement(cost, run.Usage is { } usage && price is not null ? price.Explain(usage) : [], price);
    }
}

/// <param name="Lines">Of the computed cost, whether or not its number was taken; empty when there is none.</param>
/// <param name="Price">What was found for the model; null when nothing was.</param>
public sealed record CostStatement(Cost Cost, IReadOnlyList<CostLine> Lines, ModelPrice? Price);
