using Perilune.Control;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>The values that filters can choose from.</summary>
internal static class FiltersApi
{
    public static void MapFiltersApi(this IEndpointRouteBuilder endpoints)
    {
        var filters = endpoints.MapGroup("/v1/filters").WithTags("Filters");
        Map("models", "Models", known => known.Models);
        Map("tags", "Tags", known => known.Tags);
        Map("custom-events", "Names of custom events", known => known.NamesOf(Model.RunTypes.CustomEvent));

        filters.MapGet("/metadata", async (HttpContext context, RunFacets facets, string? type, CancellationToken cancellationToken) =>
                TypedResults.Ok((await facets.OfAsync(context.ProjectId(), cancellationToken)).MetadataKeys(string.IsNullOrEmpty(type) ? null : type)))
            .OpenTo(Access.Read).WithName("listFilterMetadata").WithSummary("Keys of metadata").WithDescription("Of the newest 1,000 runs, the most frequent first.").Produces<IReadOnlyList<string>>();
        filters.MapGet("/templates", async (HttpContext context, Templates templates, CancellationToken cancellationToken) =>
                TypedResults.Ok((await templates.ListAsync(context.ProjectId(), cancellationToken))
                    .SelectMany(t => t.Versions, (t, v) => new FilterTemplateShape { Value = v.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), Label = $"{t.Slug} v{v.Number}" }).ToList()))
            .OpenTo(Access.Read).WithName("listFilterTemplates").WithSummary("Template versions").Produces<IReadOnlyList<FilterTemplateShape>>();

        // Nothing classifies runs, so there is nothing to choose from.
        foreach (var none in (ReadOnlySpan<string>)["topics", "intents", "languages"])
        {
            filters.MapGet($"/{none}", static () => TypedResults.Ok(Array.Empty<string>())).OpenTo(Access.Read).ExcludeFromDescription();
        }

        void Map(string name, string summary, Func<KnownValues, IReadOnlyList<string>> values) => filters
            .MapGet($"/{name}", async (HttpContext context, RunFacets facets, CancellationToken cancellationToken) =>
                TypedResults.Ok(values(await facets.OfAsync(context.ProjectId(), cancellationToken))))
            .OpenTo(Access.Read)
            .WithName($"listFilter{char.ToUpperInvariant(name[0])}{name[1..].Replace("-", "", StringComparison.Ordinal)}")
            .WithSummary(summary)
            .WithDescription("Of the runs of the 90 days before the newest, the most frequent first.")
            .Produces<IReadOnlyList<string>>();
    }
}
