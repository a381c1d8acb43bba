using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Lunary;

/// <summary>From a request of a Lunary SDK to a durable commit and its answer.</summary>
internal sealed class LunaryIngest(IRunStore store, KeyRing keys, RequestBodies bodies, RefusalLog refusals, TimeProvider clock)
{
    private const string LegacyKeyExpected =
        "Send the project's public or private key as 'app' (or 'projectId') of each event, or post the events to /v1/runs/ingest with the header 'Authorization: Bearer <key>'.";

    public Task IngestAsync(HttpContext context)
    {
        var project = context.ProjectId();
        return RunAsync(context, project, item =>
            item.ProjectKey is null || Find(item.ProjectKey) == project
                ? (project, null)
                : (null, "appId names another project than the key of the request; send its events with its own key."));
    }

    public Task ReportAsync(HttpContext context) => RunAsync(context, null, item =>
        item.ProjectKey is null ? (null, $"The event has no project key. {LegacyKeyExpected}")
        : Find(item.ProjectKey) is { } project ? (project, null)
        : (null, $"The event's project key is unknown or revoked. {LegacyKeyExpected}"));

    /// <param name="project">Of the request's key; null on the first SDKs' route, where each event has its own.</param>
    private async Task RunAsync(HttpContext context, Guid? project, Func<LunaryItem, (Guid? Project, string? Refusal)> admit)
    {
        var isLegacy = project is null;
        using var lease = bodies.Open();
        var body = await bodies.ReadAsync(context.Request, lease, context.RequestAborted);
        if (body.Problem is not null)
        {
            Note(project, body.Problem);
            await RefuseAsync(context, body.Status, body.Problem);
            return;
        }

        var batch = LunaryDecoder.Decode(body.Bytes, Instant.From(clock.GetUtcNow()), isLegacy);
        if (batch.Malformed is not null)
        {
            Note(project, batch.Malformed);
            await RefuseAsync(context, StatusCodes.Status400BadRequest, batch.Malformed);
            return;
        }

        var items = batch.Items.ToArray();
        var commits = Admit(items, admit);
        if (isLegacy && items.Length > 0 && commits.Count == 0 && Array.TrueForAll(items, item => item.Event is not null))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, items[0].Refusal!);
            return;
        }

        Note(project, Array.Find(items, item => item.Refusal is not null).Refusal);
        foreach (var (owner, events) in commits)
        {
            // A browser that leaves the page closes the connection once it has sent its last events: they count.
            await store.CommitAsync(owner, events, CancellationToken.None);
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        LunaryReply.Write(context.Response.BodyWriter, items, bare: isLegacy);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Note(Guid? project, string? refusal)
    {
        if (project is { } known && refusal is not null)
        {
            refusals.Note(known, refusal);
        }
    }

    private static Dictionary<Guid, List<RunEvent>> Admit(LunaryItem[] items, Func<LunaryItem, (Guid? Project, string? Refusal)> admit)
    {
        var commits = new Dictionary<Guid, List<RunEvent>>();
        foreach (ref var item in items.AsSpan())
        {
            if (item.Event is null)
            {
                continue;
            }

            var (project, refusal) = admit(item);
            if (project is null)
            {
                item = item with { Refusal = refusal };
                continue;
            }

            if (!commits.TryGetValue(project.Value, out var events))
            {
                commits[project.Value] = events = new List<RunEvent>(items.Length);
            }

            events.Add(item.Event);
        }

        return commits;
    }

    private Guid? Find(string key) => keys.Find(key).Key?.ProjectId;

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers[HeaderNames.RetryAfter] = "1";
        }

        // The top-level "message" is what Lunary's clients print.
        return TypedResults.Problem(message, statusCode: status, extensions: [new("message", message)]).ExecuteAsync(context);
    }
}
