using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>
/// JSON written straight into the response. The writer is given a function to call between rows, which sends what has
/// gathered once it is worth it.
/// </summary>
internal sealed class JsonStreamResult(Func<Utf8JsonWriter, Func<ValueTask>, Task> write) : IResult
{
    private const int FlushBytes = 64 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        // The answer is JSON and says so (nosniff): nothing needs escaping for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var body = httpContext.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, Options);
        await write(json, FlushAsync);
        await json.FlushAsync(httpContext.RequestAborted);
        await body.FlushAsync(httpContext.RequestAborted);

        async ValueTask FlushAsync()
        {
            if (json.BytesPending + json.BytesCommitted - _sent < FlushBytes)
            {
                return;
            }

            await json.FlushAsync(httpContext.RequestAborted);
            await body.FlushAsync(httpContext.RequestAborted);
            _sent = json.BytesCommitted;
        }
    }

    private long _sent;
}
