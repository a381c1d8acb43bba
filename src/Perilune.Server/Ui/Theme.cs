using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Perilune.Server.Ui;

/// <summary>Light, dark or the system's choice, kept in a cookie so that the first byte already has the right colours.</summary>
internal static class Theme
{
    public const string Cookie = "perilune_theme";
    public static readonly IReadOnlyList<string> Choices = ["system", "light", "dark"];

    public static string Of(HttpContext context) =>
        context.Request.Cookies[Cookie] is { } theme and ("light" or "dark") ? theme : "system";

    public static void MapTheme(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/theme", Set).AllowAnonymous();

    private static RedirectHttpResult Set(HttpContext context, [FromForm] string theme, [FromForm] string? returnUrl)
    {
        context.Response.Cookies.Append(Cookie, Choices.Contains(theme) ? theme : "system", new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            Path = context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/",
        });
        return TypedResults.LocalRedirect(returnUrl is ['/', not '/' and not '\\', ..] ? returnUrl : "~/");
    }
}
