using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PeriluneSdk;
using PeriluneSdk.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds endpoints of Perilune to an application.</summary>
public static class PeriluneEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Takes feedback from browsers, which then need no key: <c>POST</c> with
    /// <c>{"runId":"…","thumb":"up"|"down"|null,"comment":"…"}</c>. Answers 202, or 400 with what is wrong. Say who may
    /// call it.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The endpoint's path.</param>
    /// <returns>The endpoint, to restrict it further.</returns>
    /// <example><code>app.MapPeriluneFeedback("/feedback").RequireAuthorization();</code></example>
    public static IEndpointConventionBuilder MapPeriluneFeedback(this IEndpointRouteBuilder endpoints, string pattern = "/perilune/feedback")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapPost(pattern, (RequestDelegate)TakeAsync);
    }

    private static async Task TakeAsync(HttpContext context)
    {
        var (feedback, problem) = await FeedbackBody.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (feedback is null)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(problem, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        Perilune.Feedback(feedback.RunId, feedback.Thumb, feedback.Comment);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
