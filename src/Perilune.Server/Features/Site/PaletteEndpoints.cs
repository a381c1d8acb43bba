using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;

namespace Perilune.Server.Features.Site;

internal static class PaletteEndpoints
{
    public static void MapPalette(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/projects/{projectId:guid}/palette", ListAsync).RequireAuthorization(Access.Read);

    private static async Task<RazorComponentResult> ListAsync(Guid projectId, string? q, PaletteReader reader, CancellationToken cancellationToken) =>
        new RazorComponentResult<PaletteList>(new { Items = await reader.FindAsync(projectId, q ?? "", cancellationToken) });
}
