using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Json;

/// <summary>
/// From a request of another product's SDK to a durable commit and its answer: the same for each of them, but for how the
/// body is read and what an SDK takes for a yes.
/// </summary>
internal sealed class RunIngest(IRunStore store, RequestBodies bodies, TimeProvider clock)
{
    /// <param name="context">The request.</param>
    /// <param name="read">Reads the body, received at this time.</param>
    /// <param name="accepted">The status that says that all is well.</param>
    public async Task TakeAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Instant, Task<RunBatch>> read, int accepted)
    {
        using var lease = bodies.Open();
        var body = await bodies.ReadAsync(context.Request, lease, context.RequestAborted);
        var now = Instant.From(clock.GetUtcNow());
        if (body.Problem is not null)
        {
            await RefuseRequestAsync(context, now, body.Status, body.Problem);
            return;
        }

        RunBatch batch;
        try
        {
            batch = await read(body.Bytes, now);
        }
        catch (MalformedBodyException malformed)
        {
            await RefuseRequestAsync(context, now, StatusCodes.Status400BadRequest, malformed.Message);
            return;
        }
        catch (JsonException malformed)
        {
            await RefuseRequestAsync(context, now, StatusCodes.Status400BadRequest, MalformedJson.Describe(malformed, body.Bytes.Span));
            return;
        }

        var grant = context.ProjectGrant();
        List<RunEvent> Sent(List<RunEvent> events) => grant.Key is KeyKind.Public ? events.ConvertAll(e => e with { ByPublicKey = true }) : events;
        var events = Sent(batch.Events);

        // Applications that end close the connection once they have sent their last runs: they count.
        var refusals = await store.CommitAsync(grant.ProjectId, events, Arrivals.Of(context, now, null, batch.Refused), CancellationToken.None);
        foreach (var refusal in refusals)
        {
            batch.Refuse(events[refusal.Index].ClientId ?? events[refusal.Index].Id.ToString(), refusal.Reason);
        }

        List<RunEvent> rest = [.. Sent(batch.Derived), .. batch.Afterwards is { } find ? await find(store, grant.ProjectId) : []];
        if (rest.Count > 0)
        {
            await store.CommitAsync(grant.ProjectId, rest, CancellationToken.None);
        }

        await AnswerAsync(context, batch.Refused, isNothingStored: refusals.Count == events.Count, accepted);
    }

    private static Task AnswerAsync(HttpContext context, RefusedEvents all, bool isNothingStored, int accepted)
    {
        if (all.Count == 0)
        {
            context.Response.StatusCode = accepted;
            return accepted == StatusCodes.Status204NoContent ? Task.CompletedTask : context.Response.WriteAsJsonAsync(new RunsTaken("All is stored.", []), RunsTakenJson.Default.RunsTaken);
        }

        RefusedItem[] refused = [.. all.Take(Arrival.KeptRefusalsOfRequest).Select(item => new RefusedItem(item.Event, item.Reason))];
        var message = string.Create(CultureInfo.InvariantCulture, $"{all.Count} of the request's items were refused. The first, {refused[0].Id}: {refused[0].Error}");
        context.Response.StatusCode = isNothingStored ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        return context.Response.WriteAsJsonAsync(new RunsTaken(message, refused), RunsTakenJson.Default.RunsTaken);
    }

    private async Task RefuseRequestAsync(HttpContext context, Instant now, int status, string problem)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            // It is to be sent again, so it is not refused.
            context.Response.Headers[HeaderNames.RetryAfter] = "1";
        }
        else
        {
            await store.CommitAsync(context.ProjectId(), [], Arrivals.Of(context, now, null, [Arrivals.RefusedRequest(problem)]), CancellationToken.None);
        }

        await TypedResults.Problem(problem, statusCode: status, extensions: [new("message", problem)]).ExecuteAsync(context);
    }
}
