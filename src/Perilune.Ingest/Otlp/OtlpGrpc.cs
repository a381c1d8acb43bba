using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Storage;

namespace Perilune.Ingest.Otlp;

/// <summary>
/// The unary calls of OTLP over gRPC. A call is one message behind five bytes (compressed or not, length) in an HTTP/2
/// body, and its outcome stands in the trailers: little enough to need no generated code.
/// </summary>
internal sealed class OtlpGrpc(OtlpCommit commit, RequestBodies bodies)
{
    private const int HeadBytes = 5;

    public async Task ExportAsync(HttpContext context, OtlpSignal signal)
    {
        try
        {
            await TakeAsync(context, signal);
        }
        catch (StoreUnavailableException unavailable)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message);
        }
    }

    private async Task TakeAsync(HttpContext context, OtlpSignal signal)
    {
        using var lease = bodies.Open();
        var body = await RequestBodies.ReadAsync(context.Request, lease, OtlpLimits.BodyBytes + HeadBytes, context.RequestAborted);
        if (body.Problem is not null)
        {
            await RefuseRequestAsync(context, body.Status, body.Problem);
            return;
        }

        if (!TryUnwrap(context.Request, body.Bytes, lease, out var message, out var problem))
        {
            await RefuseRequestAsync(context, problem.Status, problem.Message);
            return;
        }

        var batch = await commit.RunAsync(context, signal, message, isJson: false);
        if (batch.Malformed is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, batch.Malformed);
            return;
        }

        var reply = OtlpReply.Success(signal, batch.Rejected, batch.Message, isJson: false);
        var framed = new byte[HeadBytes + reply.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), reply.Length);
        reply.CopyTo(framed, HeadBytes);
        Begin(context);
        await context.Response.Body.WriteAsync(framed, context.RequestAborted);
        Trail(context, GrpcCode.Ok, null);
    }

    private async Task RefuseRequestAsync(HttpContext context, int status, string problem)
    {
        await commit.RefuseRequestAsync(context, status, problem);
        await RefuseAsync(context, status, problem);
    }

    /// <summary>A refusal is an answer without a message: its status is in the trailers, and HTTP's own is always 200.</summary>
    public static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (context.Features.Get<IHttpResponseTrailersFeature>() is null)
        {
            // No gRPC at all: HTTP/1.1 has no trailers to say it in.
            await OtlpIngest.RefuseAsync(context, status, message);
            return;
        }

        Begin(context);
        await context.Response.StartAsync(context.RequestAborted);
        Trail(context, OtlpIngest.CodeOf(status), message);
    }

    private static void Begin(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/grpc";
    }

    private static void Trail(HttpContext context, GrpcCode code, string? message)
    {
        if (context.Features.Get<IHttpResponseTrailersFeature>() is not { } trailers)
        {
            return;
        }

        trailers.Trailers["grpc-status"] = ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (message is not null)
        {
            trailers.Trailers["grpc-message"] = Uri.EscapeDataString(message);
        }
    }

    private static bool TryUnwrap(
        HttpRequest request, ReadOnlyMemory<byte> body, RequestBodies.BodyLease lease, out ReadOnlyMemory<byte> message, out (int Status, string Message) problem)
    {
        (message, problem) = (default, default);
        if (body.Length < HeadBytes || BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]) != (uint)(body.Length - HeadBytes))
        {
            problem = (StatusCodes.Status400BadRequest, "The body is not one gRPC message.");
            return false;
        }

        message = body[HeadBytes..];
        if (body.Span[0] == 0)
        {
            return true;
        }

        if (request.Headers["grpc-encoding"].ToString() is not "gzip" and var encoding)
        {
            problem = (StatusCodes.Status400BadRequest, $"The grpc-encoding '{encoding}' is not supported; use gzip or identity.");
            return false;
        }

        return TryDecompress(message, lease, out message, out problem);
    }

    private static bool TryDecompress(ReadOnlyMemory<byte> compressed, RequestBodies.BodyLease lease, out ReadOnlyMemory<byte> message, out (int Status, string Message) problem)
    {
        (message, problem) = (default, default);
        var buffer = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
            var chunk = new byte[64 << 10];
            for (int read; (read = gzip.Read(chunk)) > 0;)
            {
                if (buffer.Length + read > OtlpLimits.BodyBytes)
                {
                    problem = (StatusCodes.Status413PayloadTooLarge, $"The message is larger than {OtlpLimits.BodyBytes >> 20} MiB after decompression; send fewer spans at once.");
                    return false;
                }

                if (!lease.TryTake(read))
                {
                    problem = (StatusCodes.Status503ServiceUnavailable, "The server holds as many request bodies as its memory allows; send the spans again.");
                    return false;
                }

                buffer.Write(chunk, 0, read);
            }
        }
        catch (InvalidDataException damaged)
        {
            problem = (StatusCodes.Status400BadRequest, $"The message is no gzip, or is damaged: {damaged.Message}");
            return false;
        }

        message = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        return true;
    }
}
