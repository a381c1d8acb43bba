using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Server.Hosting;
using Perilune.Storage;

namespace Perilune.Server.Features.Users;

internal static class UserForms
{
    public static void MapUsers(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapForms().MapPost("/projects/{projectId:guid}/user/erase", EraseAsync).RequireAuthorization(Access.Manage);

    private static async Task<IResult> EraseAsync(HttpContext context, IRunStore store, [FromForm] string? id, CancellationToken cancellationToken)
    {
        var count = await store.EraseUserAsync(context.ProjectId(), id ?? "", cancellationToken);
        new Flash(FlashKind.Notice, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The user is erased, with {count:N0} runs and messages.")).Write(context);
        return LocalUrl.Redirect(context, null, $"/{UserLinks.List(context.ProjectId())}");
    }
}
