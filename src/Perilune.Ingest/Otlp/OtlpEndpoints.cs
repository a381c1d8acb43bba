using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Perilune.Control;
using Perilune.Ingest.Otlp.Wire;

namespace Perilune.Ingest.Otlp;

internal static class OtlpEndpoints
{
    // Below what other products' SDKs are set to as a base address.
    private static readonly string[] s_prefixes = ["", "/otel", "/v1/otel", "/api/otel", "/api/public/otel", "/opentelemetry", "/api/v1/private/otel"];

    private static readonly (OtlpSignal Signal, string Name, string Service)[] s_signals =
    [
        (OtlpSignal.Traces, "traces", "trace.v1.TraceService"),
        (OtlpSignal.Logs, "logs", "logs.v1.LogsService"),
        (OtlpSignal.Metrics, "metrics", "metrics.v1.MetricsService"),
    ];

    public static void MapOtlp(this IEndpointRouteBuilder routes)
    {
        foreach (var (signal, name, service) in s_signals)
        {
            foreach (var prefix in s_prefixes)
            {
                var http = routes.MapPost($"{prefix}/v1/{name}", (HttpContext context, OtlpIngest otlp) => otlp.ExportAsync(context, signal))
                    .RequireAuthorization(Access.Ingest)
                    .WithMetadata(new RequestSizeLimitAttribute(OtlpLimits.BodyBytes), new RefusalWriter(OtlpIngest.RefuseAsync));
                if (prefix.Length > 0)
                {
                    http.ExcludeFromDescription();
                    continue;
                }

                http.WithName($"Export{char.ToUpperInvariant(name[0])}{name[1..]}")
                    .WithSummary($"Store OpenTelemetry {name}")
                    .WithDescription($"Takes an OTLP Export{char.ToUpperInvariant(name[0])}{name[1..^1]}ServiceRequest as protobuf or JSON, optionally compressed (gzip, br, deflate, zstd), and answers in the same encoding.");
            }

            routes.MapPost($"/opentelemetry.proto.collector.{service}/Export", (HttpContext context, OtlpGrpc grpc) => grpc.ExportAsync(context, signal))
                .RequireAuthorization(Access.Ingest)
                .WithMetadata(new RequestSizeLimitAttribute(OtlpLimits.BodyBytes + 1024), new RefusalWriter(OtlpGrpc.RefuseAsync))
                .ExcludeFromDescription();
        }
    }
}
