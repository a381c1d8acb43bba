namespace Perilune.Model.Pricing;

public enum CostSource
{
    /// <summary>There is no cost; see <see cref="Cost.Note"/>.</summary>
    None,

    /// <summary>The price book's rates times the counts.</summary>
    Computed,

    /// <summary>The number that the client sent.</summary>
    ClientGiven,
}

/// <summary>Why a cost could not be computed, or not fully.</summary>
public enum CostNote
{
    None,

    /// <summary>The run has no counts.</summary>
    NoUsage,

    /// <summary>The price book has no price for this model, or not for sure.</summary>
    NoPrice,

    /// <summary>The model is sold by a unit that is not counted, such as hours of audio or pages.</summary>
    OtherUnit,

    /// <summary>A count is above <see cref="ModelPrice.MaxCount"/>, or the cost above what 64 bits of nano-USD hold.</summary>
    TooLarge,

    /// <summary>Only input or only output was counted, of a model that charges for both. The computed cost is a lower bound.</summary>
    Partial,

    /// <summary>The counts are of several requests, and the price of the model depends on the length of each. The computed cost is that of short ones.</summary>
    Sum,
}

/// <summary>What one model call cost.</summary>
/// <param name="NanoUsd">In billionths of a US dollar; null exactly when <paramref name="Source"/> is None.</param>
/// <param name="PriceId">The <see cref="ModelPrice.Id"/> that was found, whether or not its number was taken.</param>
/// <param name="ComputedNanoUsd">What the price book says, also where the client's number was taken.</param>
public readonly record struct Cost(long? NanoUsd, CostSource Source, string? PriceId, CostNote Note, long? ComputedNanoUsd);

/// <summary>One term of the sum that a cost is.</summary>
/// <param name="Count">Tokens, requests or searches.</param>
/// <param name="PicoUsdPerUnit">Trillionths of a US dollar for one of them; the same number as micro-USD per million.</param>
public readonly record struct CostLine(CostClass Class, long Count, long PicoUsdPerUnit)
{
    /// <summary>The exact product. The lines add up to the cost before it is rounded.</summary>
    public decimal NanoUsd => Count * (PicoUsdPerUnit / 1000m);
}
