using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Server.Hosting;
using Perilune.Server.Ui;
using Perilune.Storage;
using ProjectService = Perilune.Control.Projects;

namespace Perilune.Server.Features.Projects;

/// <summary>Forms that make and change projects and their keys. Each redirects to its <c>returnUrl</c> field with a <see cref="Flash"/>.</summary>
internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder endpoints)
    {
        var forms = endpoints.MapForms();
        forms.MapPost("/projects", CreateAsync).RequireAuthorization(Access.SignedIn);
        forms.MapPost("/organizations/{organizationId:guid}/name", RenameOrganizationAsync).RequireAuthorization(Access.SignedIn);
        forms.MapPost("/projects/{projectId:guid}/name", RenameAsync).RequireAuthorization(Access.Manage);
        forms.MapPost("/projects/{projectId:guid}/delete", DeleteAsync).RequireAuthorization(Access.Manage);
        forms.MapPost("/projects/{projectId:guid}/retention", KeepAsync).RequireAuthorization(Access.Manage);
        forms.MapPost("/projects/{projectId:guid}/keys", CreateKeyAsync).RequireAuthorization(Access.Manage);
        forms.MapPost("/projects/{projectId:guid}/keys/{keyId:guid}/revoke", RevokeKeyAsync).RequireAuthorization(Access.Manage);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ProjectService projects, [FromForm] Guid organizationId, [FromForm] string? name, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        var outcome = await projects.CreateAsync(context.AccountId()!.Value, organizationId, name, cancellationToken);
        return outcome.Succeeded
            ? Answer(context, new Flash(FlashKind.Secret, outcome.Value.PrivateKey.ToString()), null, $"/projects/{outcome.Value.Project.Id}/settings")
            : Answer(context, new Flash(FlashKind.Error, outcome.Error), returnUrl, "/");
    }

    private static async Task<IResult> RenameOrganizationAsync(
        HttpContext context, ProjectService projects, Guid organizationId, [FromForm] string? name, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        var outcome = await projects.RenameOrganizationAsync(context.AccountId()!.Value, organizationId, name, cancellationToken);
        return Answer(context, Say(outcome, $"The organization is named {outcome.Value} now."), returnUrl, "/");
    }

    private static async Task<IResult> RenameAsync(
        HttpContext context, ProjectService projects, [FromForm] string? name, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        var outcome = await projects.RenameAsync(context.ProjectId(), name, cancellationToken);
        return AnswerInSettings(context, Say(outcome, $"The project is named {outcome.Value?.Name} now."), returnUrl);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, ProjectService projects, IRunStore store, [FromForm] string? name, [FromForm] string? returnUrl)
    {
        // Keys first, so that nothing comes in any more; and to the end, though whoever asked may have left.
        var project = context.ProjectId();
        var outcome = await projects.DeleteAsync(project, name, CancellationToken.None);
        if (!outcome.Succeeded)
        {
            return AnswerInSettings(context, new Flash(FlashKind.Error, outcome.Error), returnUrl);
        }

        await store.DeleteProjectAsync(project, CancellationToken.None);
        return Answer(context, new Flash(FlashKind.Notice, $"The project {outcome.Value} and all its runs are deleted."), null, "/");
    }

    private static async Task<IResult> KeepAsync(
        HttpContext context, Retention retention, [FromForm] string? days, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        // What is no number is as wrong as one that is too large.
        int? number = string.IsNullOrWhiteSpace(days) ? null : int.TryParse(days, CultureInfo.InvariantCulture, out var given) ? given : 0;
        var outcome = await retention.KeepAsync(context.ProjectId(), number, cancellationToken);
        return AnswerInSettings(context, Say(outcome, number is null ? "Runs are kept for good now." : $"Runs are kept for {Format.Count(number.Value)} {(number == 1 ? "day" : "days")} now."), returnUrl);
    }

    private static async Task<IResult> CreateKeyAsync(
        HttpContext context, ApiKeys keys, [FromForm] KeyKind? kind, [FromForm] string? name, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        var outcome = await keys.CreateAsync(context.ProjectId(), kind ?? KeyKind.Private, name, cancellationToken);
        var flash = outcome.Succeeded ? new Flash(FlashKind.Secret, outcome.Value.Secret.ToString()) : new Flash(FlashKind.Error, outcome.Error);
        return AnswerInSettings(context, flash, returnUrl);
    }

    private static async Task<IResult> RevokeKeyAsync(
        HttpContext context, ApiKeys keys, Guid keyId, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        var outcome = await keys.RevokeAsync(context.ProjectId(), keyId, cancellationToken);
        return AnswerInSettings(context, Say(outcome, $"The key '{outcome.Value?.Name}' is revoked."), returnUrl);
    }

    private static Flash Say<T>(Outcome<T> outcome, string notice) =>
        outcome.Succeeded ? new Flash(FlashKind.Notice, notice) : new Flash(FlashKind.Error, outcome.Error);

    private static IResult AnswerInSettings(HttpContext context, Flash flash, string? returnUrl) =>
        Answer(context, flash, returnUrl, $"/projects/{context.ProjectId()}/settings");

    private static IResult Answer(HttpContext context, Flash flash, string? returnUrl, string fallback)
    {
        flash.Write(context);
        return LocalUrl.Redirect(context, returnUrl, fallback);
    }
}
