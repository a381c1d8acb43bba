using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Server.Hosting;

namespace Perilune.Server.Features.Runs;

/// <summary>Forms that save and delete views. Each redirects to the rows with a <see cref="Flash"/>.</summary>
internal static class ViewForms
{
    public static void MapViews(this IEndpointRouteBuilder endpoints)
    {
        var forms = endpoints.MapForms().MapGroup("/projects/{projectId:guid}/views").RequireAuthorization(Access.Write);
        forms.MapPost("", SaveAsync);
        forms.MapPost("/{viewId}/delete", DeleteAsync);
    }

    private static async Task<IResult> SaveAsync(
        HttpContext context, Views views, [FromForm] string? name, [FromForm] string? scope, [FromForm] string? q, [FromForm] string? look, CancellationToken cancellationToken)
    {
        // Only what the page itself would say of its look: the rest of an address is nothing to keep.
        var kept = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(look);
        var view = RunsView.Of(context.ProjectId(), scope, q, null, kept.GetValueOrDefault("sort"), kept.GetValueOrDefault("dir"), kept.GetValueOrDefault("hide"));
        var outcome = await views.SaveAsync(context.ProjectId(), new ViewText(name, view.ScopeName, view.Query, view.Look), cancellationToken);
        var flash = outcome.Succeeded ? new Flash(FlashKind.Notice, $"Saved as “{outcome.Value.Name}”. It is under Views for everybody in the project.") : new Flash(FlashKind.Error, outcome.Error);
        flash.Write(context);
        return LocalUrl.Redirect(context, null, $"/{view.Url()}");
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, Views views, string viewId, CancellationToken cancellationToken)
    {
        var outcome = long.TryParse(viewId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? await views.DeleteAsync(context.ProjectId(), id, cancellationToken) : new Refusal("The project has no such view.");
        var flash = outcome.Succeeded ? new Flash(FlashKind.Notice, $"The view “{outcome.Value}” is deleted.") : new Flash(FlashKind.Error, outcome.Error);
        flash.Write(context);
        return LocalUrl.Redirect(context, null, $"/projects/{context.ProjectId()}/runs");
    }
}
