using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Storage;

namespace Perilune.Ingest.Otlp;

/// <summary>From a request of an OpenTelemetry exporter over HTTP to a durable commit and its answer.</summary>
internal sealed class OtlpIngest(OtlpCommit commit, RequestBodies bodies)
{
    private const string Json = "application/json";
    private const string Protobuf = "application/x-protobuf";

    public async Task ExportAsync(HttpContext context, OtlpSignal signal)
    {
        try
        {
            await TakeAsync(context, signal);
        }
        catch (StoreUnavailableException unavailable)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message, unavailable.RetryAfter);
        }
    }

    private async Task TakeAsync(HttpContext context, OtlpSignal signal)
    {
        var isJson = IsJson(context.Request);
        if (!isJson && !IsProtobuf(context.Request))
        {
            await RefuseRequestAsync(
                context, StatusCodes.Status415UnsupportedMediaType,
                $"Content-Type '{context.Request.ContentType}' is not supported; send {Protobuf} or {Json}.");
            return;
        }

        using var lease = bodies.Open();
        var body = await RequestBodies.ReadAsync(context.Request, lease, OtlpLimits.BodyBytes, context.RequestAborted);
        if (body.Problem is not null)
        {
            await RefuseRequestAsync(context, body.Status, body.Problem);
            return;
        }

        var batch = await commit.RunAsync(context, signal, body.Bytes, isJson);
        if (batch.Malformed is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, batch.Malformed);
            return;
        }

        await WriteAsync(context, StatusCodes.Status200OK, OtlpReply.Success(signal, batch.Rejected, batch.Message, isJson), isJson);
    }

    private async Task RefuseRequestAsync(HttpContext context, int status, string problem)
    {
        await commit.RefuseRequestAsync(context, status, problem);
        await RefuseAsync(context, status, problem);
    }

    /// <summary>Also how requests are refused that never come this far: without a key, say.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string message) => RefuseAsync(context, status, message, TimeSpan.FromSeconds(1));

    private static Task RefuseAsync(HttpContext context, int status, string message, TimeSpan retryAfter)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers[HeaderNames.RetryAfter] = Math.Max(1, (int)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var isJson = !IsProtobuf(context.Request);
        return WriteAsync(context, status, OtlpReply.Failure(CodeOf(status), message, isJson), isJson);
    }

    private static async Task WriteAsync(HttpContext context, int status, byte[] body, bool isJson)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = isJson ? Json : Protobuf;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool IsJson(HttpRequest request) => MediaType(request) is Json or "text/json";

    private static bool IsProtobuf(HttpRequest request) => MediaType(request) is Protobuf or "application/protobuf" or "application/octet-stream" or "application/vnd.google.protobuf";

    private static string? MediaType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.ToString().ToLowerInvariant() : null;

    internal static GrpcCode CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => GrpcCode.Unauthenticated,
        StatusCodes.Status403Forbidden => GrpcCode.PermissionDenied,
        StatusCodes.Status413PayloadTooLarge => GrpcCode.ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable => GrpcCode.Unavailable,
        _ => GrpcCode.InvalidArgument,
    };
}
