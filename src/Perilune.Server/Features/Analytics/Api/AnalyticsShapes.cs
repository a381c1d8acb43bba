namespace Perilune.Server.Features.Analytics.Api;

/// <summary>A series, or several with different names, period by period.</summary>
internal sealed record SeriesShape
{
    public required IReadOnlyList<PointShape> Data { get; init; }

    /// <summary>Over the whole time.</summary>
    public double? Stat { get; init; }
}

internal sealed record PointShape
{
    /// <summary>When the period begins, in UTC.</summary>
    public required string Date { get; init; }

    public required double? Value { get; init; }

    public required string Name { get; init; }
}

internal sealed record TopShape
{
    public required IReadOnlyList<TopRowShape> Data { get; init; }
}

internal sealed record TopRowShape
{
    public required string? Name { get; init; }

    /// <summary>Runs.</summary>
    public required long Value { get; init; }

    public required long Errors { get; init; }

    public required double PromptTokens { get; init; }

    public required double CompletionTokens { get; init; }

    public required double TotalTokens { get; init; }

    /// <summary>USD.</summary>
    public required double Cost { get; init; }
}

internal sealed record OrganizationModelShape
{
    public required string? Name { get; init; }

    public required double PromptTokens { get; init; }

    public required double CompletionTokens { get; init; }

    public required double TotalTokens { get; init; }

    /// <summary>USD.</summary>
    public required double Cost { get; init; }

    /// <summary>The project with the most runs of the model.</summary>
    public required string ProjectName { get; init; }
}

internal sealed record UsageShape
{
    /// <summary>The UTC day, when asked for by day.</summary>
    public string? Date { get; init; }

    public required string? Name { get; init; }

    public required string Type { get; init; }

    public required double CompletionTokens { get; init; }

    public required double PromptTokens { get; init; }

    /// <summary>USD.</summary>
    public required double Cost { get; init; }

    public required long Errors { get; init; }

    public required long Success { get; init; }
}
