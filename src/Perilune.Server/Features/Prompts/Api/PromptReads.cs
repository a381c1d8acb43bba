using System.Globalization;
using Perilune.Control;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Prompts.Api;

internal static class PromptReads
{
    /// <summary>Lunary's Python SDK compares the sentence.</summary>
    private static IResult NotLive => ApiError.Of(StatusCodes.Status404NotFound, "Template not found, is the project ID correct?");

    public static IResult NotFound => ApiError.Of(StatusCodes.Status404NotFound, "Template not found");

    public static Task<IResult> LatestAsync(HttpContext context, Templates templates, string? slug, string? label, CancellationToken cancellationToken) =>
        LatestAsync(context.ProjectId(), templates, slug, label, cancellationToken);

    /// <summary>The first SDKs' route: no key, the project is in the address.</summary>
    public static Task<IResult> LegacyAsync(KeyRing keys, Templates templates, string? slug, string? app_id, CancellationToken cancellationToken) =>
        keys.Find(app_id ?? "").Key is { Kind: KeyKind.Public, ProjectId: var project }
            ? LatestAsync(project, templates, slug, null, cancellationToken)
            : Task.FromResult(NotLive);

    public static async Task<IResult> AllLatestAsync(HttpContext context, Templates templates, string? label, CancellationToken cancellationToken)
    {
        var all = await templates.ListAsync(context.ProjectId(), cancellationToken);
        return new JsonStreamResult(async (json, flush) =>
        {
            json.WriteStartArray();
            foreach (var template in all)
            {
                var version = label is null ? template.Live
                    : label == TemplateLabels.Latest ? template.Latest
                    : template.Versions.FirstOrDefault(v => v.Labels.Contains(label, StringComparer.Ordinal));
                if (version is not null)
                {
                    PromptJson.WriteLive(json, version);
                    await flush();
                }
            }

            json.WriteEndArray();
        });
    }

    public static async Task<IResult> ListAsync(HttpContext context, Templates templates, CancellationToken cancellationToken)
    {
        var all = await templates.ListAsync(context.ProjectId(), cancellationToken);
        return new JsonStreamResult(async (json, flush) =>
        {
            json.WriteStartArray();
            foreach (var template in all)
            {
                PromptJson.Write(json, template);
                await flush();
            }

            json.WriteEndArray();
        });
    }

    public static async Task<IResult> GetAsync(HttpContext context, Templates templates, string id, CancellationToken cancellationToken) =>
        Id(id) is { } number && await templates.FindAsync(context.ProjectId(), number, cancellationToken) is { } template ? Answer(template) : NotFound;

    public static async Task<IResult> GetVersionAsync(HttpContext context, Templates templates, string id, CancellationToken cancellationToken) =>
        Id(id) is { } number && await templates.FindVersionAsync(context.ProjectId(), number, cancellationToken) is { } version ? Answer(version) : NotFound;

    public static long? Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static IResult Answer(Template template) => new JsonStreamResult((json, _) =>
    {
        PromptJson.Write(json, template);
        return Task.CompletedTask;
    });

    public static IResult Answer(TemplateVersion version) => new JsonStreamResult((json, _) =>
    {
        PromptJson.Write(json, version);
        return Task.CompletedTask;
    });

    private static async Task<IResult> LatestAsync(Guid project, Templates templates, string? slug, string? label, CancellationToken cancellationToken)
    {
        if (slug is null or "")
        {
            return ApiError.BadRequest("slug", "is missing. Add ?slug= and the template's slug.");
        }

        return await templates.LiveAsync(project, slug, label is "" ? null : label, cancellationToken) is not { } version ? NotLive : new JsonStreamResult((json, _) =>
        {
            PromptJson.WriteLive(json, version);
            return Task.CompletedTask;
        });
    }
}
