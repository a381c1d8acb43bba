using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Ingest.Langfuse;
using Perilune.Ingest.LangSmith;
using Perilune.Ingest.Lunary;
using Perilune.Ingest.OpenAiAgents;
using Perilune.Ingest.Opik;
using Perilune.Ingest.Otlp;

namespace Perilune.Ingest;

public static class IngestEndpoints
{
    /// <summary>Maps the routes by which clients send events.</summary>
    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        var ingest = routes.MapGroup("").WithTags("Ingest");
        ingest.MapOtlp();
        MediaUploads.Map(ingest);
        ingest.MapLangSmith();
        ingest.MapOpik();
        ingest.MapOpenAiAgents();

        ingest.MapPost("/v1/runs/ingest", static (HttpContext context, LunaryIngest lunary) => lunary.IngestAsync(context))
            .RequireAuthorization(Access.Ingest)
            .WithName("IngestEvents")
            .WithSummary("Store events of runs")
            .WithDescription("""
                Takes {"events":[…]} as Lunary's SDKs send it, optionally compressed (gzip, br, deflate, zstd). The answer has one
                result per event, ordered by the events' times; an event that is refused does not keep others from being stored.
                When it arrives, what it accepts is durable.
                """)
            .Produces<LunaryResults>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        // The first SDKs put the project's key into each event, so the events are what is authorized.
        ingest.MapPost("/api/report", static (HttpContext context, LunaryIngest lunary) => lunary.ReportAsync(context))
            .AllowAnonymous()
            .WithName("ReportEvents")
            .WithSummary("Store events that carry their project's key themselves, as the first SDKs send them")
            .Produces<LunaryResult[]>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
