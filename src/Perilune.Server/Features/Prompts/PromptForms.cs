using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Server.Hosting;

namespace Perilune.Server.Features.Prompts;

/// <summary>Forms that change a prompt without rewriting it. Each redirects back with a <see cref="Flash"/>.</summary>
internal static class PromptForms
{
    public static void MapPrompts(this IEndpointRouteBuilder endpoints)
    {
        var forms = endpoints.MapForms().MapGroup("/projects/{projectId:guid}/prompts/{templateId}").RequireAuthorization(Access.Write);
        forms.MapPost("/publish", PublishAsync);
        forms.MapPost("/label", LabelAsync);
        forms.MapPost("/unlabel", UnlabelAsync);
        forms.MapPost("/rename", RenameAsync);
        forms.MapPost("/delete-draft", DeleteDraftAsync);
        forms.MapPost("/delete", DeleteAsync);
    }

    private static async Task<IResult> PublishAsync(HttpContext context, TemplateEditor editor, string templateId, [FromForm] long version, CancellationToken cancellationToken)
    {
        var outcome = await editor.EditAsync(context.ProjectId(), version, new TemplateText(), publish: true, cancellationToken);
        return Answer(context, Say(outcome, $"Version {outcome.Value?.Number} is published: applications get it from now on."), templateId, outcome.Value?.Number);
    }

    private static async Task<IResult> LabelAsync(HttpContext context, TemplateEditor editor, string templateId, [FromForm] string? label, [FromForm] int version, CancellationToken cancellationToken)
    {
        var clean = label?.Trim().ToLowerInvariant() ?? "";
        var outcome = await editor.LabelAsync(context.ProjectId(), PromptLinks.Id(templateId), clean, version, cancellationToken);
        return Answer(context, Say(outcome, $"The label {clean} points at version {version} now."), templateId, version);
    }

    private static async Task<IResult> UnlabelAsync(HttpContext context, TemplateEditor editor, string templateId, [FromForm] string? label, [FromForm] int version, CancellationToken cancellationToken)
    {
        var outcome = await editor.UnlabelAsync(context.ProjectId(), PromptLinks.Id(templateId), label ?? "", cancellationToken);
        return Answer(context, Say(outcome, $"The label {label} is removed."), templateId, version);
    }

    private static async Task<IResult> RenameAsync(HttpContext context, TemplateEditor editor, string templateId, [FromForm] string? slug, CancellationToken cancellationToken)
    {
        var outcome = await editor.UpdateAsync(context.ProjectId(), PromptLinks.Id(templateId), slug ?? "", null, cancellationToken);
        return Answer(context, Say(outcome, $"The prompt is named {outcome.Value?.Slug} now. Applications have to ask for it by this name."), templateId, null);
    }

    private static async Task<IResult> DeleteDraftAsync(HttpContext context, TemplateEditor editor, string templateId, [FromForm] long version, CancellationToken cancellationToken)
    {
        var outcome = await editor.DeleteDraftAsync(context.ProjectId(), version, cancellationToken);
        return Answer(context, Say(outcome, $"The draft v{outcome.Value?.Number} is deleted."), templateId, null);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, TemplateEditor editor, string templateId, CancellationToken cancellationToken)
    {
        var outcome = await editor.DeleteAsync(context.ProjectId(), PromptLinks.Id(templateId), cancellationToken);
        Say(outcome, $"The prompt {outcome.Value} is deleted.").Write(context);
        return LocalUrl.Redirect(context, null, $"/{PromptLinks.List(context.ProjectId())}");
    }

    private static Flash Say<T>(Outcome<T> outcome, string notice) =>
        outcome.Succeeded ? new Flash(FlashKind.Notice, notice) : new Flash(FlashKind.Error, outcome.Error);

    private static IResult Answer(HttpContext context, Flash flash, string template, int? version)
    {
        flash.Write(context);
        return LocalUrl.Redirect(context, null, $"/{PromptLinks.Of(context.ProjectId(), PromptLinks.Id(template), version)}");
    }
}
