using Perilune.Control;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Datasets;

/// <summary>Datasets cannot be made here; what Lunary's SDKs ask for them is answered so that they say what is the matter.</summary>
internal static class DatasetsApi
{
    public static void MapDatasetsApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/datasets", static () => TypedResults.Ok(Array.Empty<string>())).OpenTo(Access.PublicRead).ExcludeFromDescription();
        endpoints.MapGet("/v1/datasets/{identifier}", static (string identifier) => ApiError.Of(StatusCodes.Status404NotFound, "Dataset not found"))
            .OpenTo(Access.PublicRead).ExcludeFromDescription();
    }
}
