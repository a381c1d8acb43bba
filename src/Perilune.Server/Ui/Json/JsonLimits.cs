namespace Perilune.Server.Ui.Json;

/// <summary>How much of a payload a page shows; the raw link has the rest.</summary>
internal sealed record JsonLimits
{
    public static readonly JsonLimits Page = new();

    /// <summary>Values altogether.</summary>
    public int Nodes { get; init; } = 1_500;

    public int Depth { get; init; } = 24;

    /// <summary>Members of one object or array.</summary>
    public int Members { get; init; } = 200;

    /// <summary>Characters of one string.</summary>
    public int Text { get; init; } = 8_000;
}
