using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Lunary;

/// <summary>From a request of a Lunary SDK to a durable commit and its answer.</summary>
internal sealed class LunaryIngest(IRunStore store, KeyRing keys, RequestBodies bodies, TimeProvider clock)
{
    private const string LegacyKeyExpected =
        "Send the project's public or private key as 'app' (or 'projectId') of each event, or post the events to /v1/runs/ingest with the header 'Authorization: Bearer <key>'.";

    public Task IngestAsync(HttpContext context)
    {
        var grant = context.ProjectGrant();
        return RunAsync(context, isLegacy: false, item =>
            item.ProjectKey is null || Find(item.ProjectKey)?.ProjectId == grant.ProjectId
                ? new Admission(grant.ProjectId, grant.Key == KeyKind.Public)
                : new Admission("appId names another project than the key of the request; send its events with its own key."));
    }

    public Task ReportAsync(HttpContext context) => RunAsync(context, isLegacy: true, item =>
        item.ProjectKey is null ? new Admission($"The event has no project key. {LegacyKeyExpected}")
        : Find(item.ProjectKey) is { } key ? new Admission(key.ProjectId, key.Kind == KeyKind.Public)
        : new Admission($"The event's project key is unknown or revoked. {LegacyKeyExpected}"));

    private async Task RunAsync(HttpContext context, bool isLegacy, Func<LunaryItem, Admission> admit)
    {
        using var lease = bodies.Open();
        var body = await bodies.ReadAsync(context.Request, lease, context.RequestAborted);
        var now = Instant.From(clock.GetUtcNow());
        if (body.Problem is not null)
        {
            await RefuseAllAsync(context, now, isLegacy, body.Status, body.Problem);
            return;
        }

        var batch = LunaryDecoder.Decode(body.Bytes, now, isLegacy);
        if (batch.Malformed is not null)
        {
            await RefuseAllAsync(context, now, isLegacy, StatusCodes.Status400BadRequest, batch.Malformed);
            return;
        }

        var items = batch.Items.ToArray();
        var commits = Admit(items, admit);
        if (isLegacy && items.Length > 0 && commits.Count == 0 && Array.TrueForAll(items, item => item.Event is not null))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, items[0].Refusal!);
            return;
        }

        if (!isLegacy && Array.Exists(items, item => item.Refusal is not null))
        {
            commits.TryAdd(context.ProjectId(), new Admitted([], []));
        }

        foreach (var (project, admitted) in commits)
        {
            // A browser that leaves the page closes the connection once it has sent its last events: they count.
            var arrival = ArrivalOf(context, now, items, isLegacy ? project : null);
            foreach (var refusal in await store.CommitAsync(project, admitted.Events, arrival, CancellationToken.None))
            {
                var at = admitted.Items[refusal.Index];
                items[at] = items[at] with { Refusal = refusal.Reason };
            }
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        LunaryReply.Write(context.Response.BodyWriter, items, bare: isLegacy);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static Dictionary<Guid, Admitted> Admit(LunaryItem[] items, Func<LunaryItem, Admission> admit)
    {
        var commits = new Dictionary<Guid, Admitted>();
        for (var i = 0; i < items.Length; i++)
        {
            ref var item = ref items[i];
            if (item.Event is null)
            {
                continue;
            }

            var admission = admit(item);
            if (admission.Refusal is not null)
            {
                item = item with { Refusal = admission.Refusal };
                continue;
            }

            if (!commits.TryGetValue(admission.Project, out var admitted))
            {
                commits[admission.Project] = admitted = new Admitted(new List<RunEvent>(items.Length), new List<int>(items.Length));
            }

            admitted.Events.Add(admission.ByPublicKey ? item.Event with { ByPublicKey = true } : item.Event);
            admitted.Items.Add(i);
        }

        return commits;
    }

    /// <param name="context">The request.</param>
    /// <param name="now">When it was received.</param>
    /// <param name="items">Its events.</param>
    /// <param name="project">Whose events are meant, where each names its project itself; null where the request does.</param>
    private Arrival ArrivalOf(HttpContext context, Instant now, LunaryItem[] items, Guid? project)
    {
        var own = project is null ? items : Array.FindAll(items, item => item.ProjectKey is not null && Find(item.ProjectKey)?.ProjectId == project);
        var key = project is null ? null : keys.Find(own[0].ProjectKey).Key?.KeyId;
        var refused = Array.FindAll(own, item => item.Refusal is not null);
        return Arrivals.Of(context, now, key, [.. refused.Select(item => Arrivals.Refused(item.Id.IsAbsent ? null : item.Id.ToString(), item.Refusal!))]);
    }

    private ProjectKey? Find(string key) => keys.Find(key).Key;

    private async Task RefuseAllAsync(HttpContext context, Instant now, bool isLegacy, int status, string problem)
    {
        // What is to be sent again is not refused; and only the events of the first SDKs tell whose they are.
        if (!isLegacy && status != StatusCodes.Status503ServiceUnavailable)
        {
            await store.CommitAsync(context.ProjectId(), [], Arrivals.Of(context, now, null, [Arrivals.RefusedRequest(problem)]), CancellationToken.None);
        }

        await RefuseAsync(context, status, problem);
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers[HeaderNames.RetryAfter] = "1";
        }

        // The top-level "message" is what Lunary's clients print.
        return TypedResults.Problem(message, statusCode: status, extensions: [new("message", message)]).ExecuteAsync(context);
    }

    /// <summary>Where an event goes, or why it goes nowhere.</summary>
    private readonly record struct Admission(Guid Project, bool ByPublicKey, string? Refusal = null)
    {
        public Admission(string refusal)
            : this(default, ByPublicKey: false, refusal)
        {
        }
    }

    /// <param name="Items">Of each event, which item of the request it is.</param>
    private sealed record Admitted(List<RunEvent> Events, List<int> Items);
}
