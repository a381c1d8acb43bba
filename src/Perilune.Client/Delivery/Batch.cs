using PeriluneSdk.Wire;

namespace PeriluneSdk.Delivery;

internal enum BatchKind : byte
{
    Spans,
    Events,
}

/// <summary>What goes in one request.</summary>
/// <param name="Cost">What its items cost in the queue.</param>
internal sealed record Batch(BatchKind Kind, IReadOnlyList<EncodedItem> Items, long Cost)
{
    public int Attempts { get; set; }

    /// <summary>Two batches of half the items each.</summary>
    public (Batch First, Batch Second) Halves()
    {
        var middle = Items.Count / 2;
        var cost = Cost / 2;
        return (new Batch(Kind, [.. Items.Take(middle)], cost), new Batch(Kind, [.. Items.Skip(middle)], Cost - cost));
    }
}
