using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Perilune.Control;
using Perilune.Storage;

namespace Perilune.Server.Hosting;

/// <summary>Says what went wrong without saying what it looks like inside.</summary>
internal sealed partial class ExceptionResponses(ILogger<ExceptionResponses> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, message) = Explain(httpContext, exception);
        httpContext.Response.StatusCode = status;
        if (exception is StoreUnavailableException unavailable)
        {
            httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)unavailable.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (ProgramPaths.Contains(httpContext.Request.Path))
        {
            await TypedResults.Problem(message, statusCode: status).ExecuteAsync(httpContext);
        }
        else if (!ProgramPaths.IsPageVisit(httpContext.Request))
        {
            await httpContext.Response.WriteAsync(message, cancellationToken);
        }

        return true;
    }

    private (int Status, string Message) Explain(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: AntiforgeryValidationException }:
                return (StatusCodes.Status400BadRequest, "This form is out of date. Go back, reload the page and send it again.");
            case BadHttpRequestException bad:
                return (bad.StatusCode, bad.Message);
            case StoreUnavailableException unavailable:
                // The store has said so, once for all the requests that it fails.
                return (StatusCodes.Status503ServiceUnavailable, unavailable.Message);
            case ControlUnavailableException unavailable:
                LogControlUnavailable(unavailable.Message);
                return (StatusCodes.Status503ServiceUnavailable, unavailable.Message);
            case OperationCanceledException when context.RequestAborted.IsCancellationRequested:
                return (StatusCodes.Status499ClientClosedRequest, "The request was given up.");
            default:
                LogFailure(exception, context.Request.Method, context.Request.Path, context.TraceIdentifier);
                return (StatusCodes.Status500InternalServerError, $"Perilune failed to answer. Its log tells more, under {context.TraceIdentifier}.");
        }
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed ({TraceId})")]
    private partial void LogFailure(Exception exception, string method, PathString path, string traceId);

    [LoggerMessage(LogLevel.Error, "{Reason}")]
    private partial void LogControlUnavailable(string reason);
}
