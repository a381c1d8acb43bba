namespace Perilune.Model.Counting;

/// <summary>What runs are grouped by when they are counted.</summary>
public enum Facet
{
    /// <summary>The type alone.</summary>
    Type,

    /// <summary>Type and name: models, agents, tools, retrievers, custom events.</summary>
    Name,

    /// <summary>A run counts under each of its tags.</summary>
    Tag,

    /// <summary>Prompt template version.</summary>
    Template,

    /// <summary>The SDK that sent the run.</summary>
    Runtime,

    Environment,

    /// <summary>Thumbs up or down.</summary>
    Thumb,
}

/// <summary>One group. Runs without a template, runtime, environment or thumb are in no group of that facet.</summary>
/// <param name="Type">Of the facets type and name, else null.</param>
/// <param name="Value">The name (null: none), tag, template, runtime, environment or thumb; null for the facet type.</param>
public readonly record struct FacetKey(string? Type, string? Value)
{
    public static IEnumerable<FacetKey> Of(CountedRun run, Facet facet) => facet switch
    {
        not (Facet.Tag or Facet.Template or Facet.Thumb) when run.IsRepeat => [],
        Facet.Type => [new(run.Type, null)],
        Facet.Name => [new(run.Type, run.Name)],
        Facet.Tag => run.Tags.Select(tag => new FacetKey(null, tag)),
        Facet.Template => One(run.Template),
        Facet.Runtime => One(run.Runtime),
        Facet.Environment => One(run.Environment),
        Facet.Thumb => One(run.Thumb),
        _ => throw new ArgumentOutOfRangeException(nameof(facet)),
    };

    private static IEnumerable<FacetKey> One(string? value) => value is null ? [] : [new(null, value)];
}
