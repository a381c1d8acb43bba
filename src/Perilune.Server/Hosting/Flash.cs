using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Perilune.Server.Hosting;

internal enum FlashKind
{
    Notice,
    Error,

    /// <summary>The text is a secret that is shown this once.</summary>
    Secret,
}

/// <summary>A message from a form's endpoint to the page it redirects to, in an encrypted cookie for a minute.</summary>
internal sealed record Flash(FlashKind Kind, string Text)
{
    private const string Cookie = "perilune.flash";

    public void Write(HttpContext context) => context.Response.Cookies.Append(
        Cookie,
        Protector(context).Protect($"{(int)Kind}{Text}", TimeSpan.FromMinutes(1)),
        Options(context));

    /// <summary>The message for this page, once. Call it before the answer starts.</summary>
    public static Flash? Take(HttpContext context)
    {
        if (!context.Request.Cookies.TryGetValue(Cookie, out var value))
        {
            return null;
        }

        context.Response.Cookies.Delete(Cookie, Options(context));
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            var text = Protector(context).Unprotect(value);
            return new Flash((FlashKind)(text[0] - '0'), text[1..]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = context.Request.PathBase.HasValue ? context.Request.PathBase : "/",
        IsEssential = true,
    };

    private static ITimeLimitedDataProtector Protector(HttpContext context) =>
        context.RequestServices.GetDataProtectionProvider().CreateProtector("Perilune.Flash").ToTimeLimitedDataProtector();
}
