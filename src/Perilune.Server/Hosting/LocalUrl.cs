namespace Perilune.Server.Hosting;

internal static class LocalUrl
{
    /// <summary>
    /// Redirects to <paramref name="url"/> when it is an address of this server (with its path base), else to
    /// <paramref name="fallback"/> (without).
    /// </summary>
    public static IResult Redirect(HttpContext context, string? url, string fallback) =>
        TypedResults.LocalRedirect(IsLocal(url) ? url! : context.Request.PathBase + fallback);

    /// <summary>A path: not another host by a leading <c>//</c> or <c>/\</c>, nothing that could end the header.</summary>
    public static bool IsLocal(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
