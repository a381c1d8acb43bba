using Perilune.Model;

namespace Perilune.Storage;

public partial interface IRunStore
{
    /// <summary>
    /// What the costs of model calls would be by the project's prices as they are now, the newest calls first. Changes
    /// nothing.
    /// </summary>
    Task<PricePreview> PreviewPricesAsync(Guid project, PriceSpan span, TimeSpan budget, CancellationToken cancellationToken);

    /// <summary>
    /// Gives some of the calls, a few hundred at most, the cost that the project's prices give now, and with it what they
    /// count as. Repeated until <see cref="RepriceStep.Next"/> is null, all calls have it that were stored before the first
    /// step. Doing a step again changes nothing.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="span">Which calls.</param>
    /// <param name="after">The <see cref="RepriceStep.Next"/> of the step before; null begins.</param>
    /// <param name="cancellationToken">Stops the looking for calls; what was found is written.</param>
    /// <exception cref="StoreUnavailableException">As of <see cref="CommitAsync(Guid, IReadOnlyList{RunEvent}, CancellationToken)"/>: the step is to be done again.</exception>
    Task<RepriceStep> RepriceAsync(Guid project, PriceSpan span, string? after, CancellationToken cancellationToken);
}

/// <summary>Model calls that began within a time, as lists have it.</summary>
/// <param name="From">Inclusive; null for all before.</param>
/// <param name="To">Exclusive; null for all after.</param>
public sealed record PriceSpan(Instant? From, Instant? To)
{
    public bool Includes(Instant start) => start >= (From ?? Instant.MinValue) && start < (To ?? Instant.MaxValue);
}

/// <summary>What another price does to a number of calls. Those whose cost is unknown count as nothing in the sums.</summary>
/// <param name="Calls">That were looked at.</param>
/// <param name="Changed">Of these, those whose cost becomes another one, is known for the first time, or no more.</param>
/// <param name="Gained">Changed calls that had no cost.</param>
/// <param name="Lost">Changed calls that are to have none.</param>
/// <param name="Before">Nano-USD of the changed calls.</param>
/// <param name="After">The same at the other price.</param>
public readonly record struct PriceChange(long Calls, long Changed, long Gained, long Lost, Int128 Before, Int128 After)
{
    public static PriceChange Of(long? before, long? after) => before == after
        ? new(1, 0, 0, 0, 0, 0)
        : new(1, 1, before is null ? 1 : 0, after is null ? 1 : 0, before ?? 0, after ?? 0);

    public PriceChange Plus(PriceChange other) =>
        new(Calls + other.Calls, Changed + other.Changed, Gained + other.Gained, Lost + other.Lost, Before + other.Before, After + other.After);
}

/// <param name="Models">Those with changed calls, by what they change the sum by, at most <see cref="MostModels"/>.</param>
/// <param name="LookedBackTo">Set when the time was up: older calls are not in any of the numbers.</param>
public sealed record PricePreview(PriceChange Total, IReadOnlyList<ModelPriceChange> Models, Instant? LookedBackTo)
{
    public const int MostModels = 100;

    internal static PricePreview Of(IReadOnlyDictionary<string, PriceChange> byModel, PriceChange total, Instant? lookedBackTo) => new(
        total,
        [
            .. byModel.Where(model => model.Value.Changed > 0)
                .OrderByDescending(model => Int128.Abs(model.Value.After - model.Value.Before))
                .ThenBy(model => model.Key, StringComparer.Ordinal)
                .Take(MostModels)
                .Select(model => new ModelPriceChange(model.Key, model.Value))
        ],
        lookedBackTo);
}

/// <param name="Model">The name of the calls; empty where they have none.</param>
public sealed record ModelPriceChange(string Model, PriceChange Change);

/// <param name="Next">Where the next step goes on; null when there is nothing left.</param>
public sealed record RepriceStep(PriceChange Change, string? Next);
