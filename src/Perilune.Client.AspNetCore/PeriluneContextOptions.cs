using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace PeriluneSdk.AspNetCore;

/// <summary>What a request says about its user and thread. A function that throws counts as having said nothing.</summary>
public sealed class PeriluneContextOptions
{
    /// <summary>The request's user. Default: the claim <c>sub</c>, or the name identifier, of whoever signed in.</summary>
    public Func<HttpContext, PeriluneUser?> User { get; set; } = static context =>
        (context.User.FindFirst("sub") ?? context.User.FindFirst(ClaimTypes.NameIdentifier))?.Value is { Length: > 0 } id ? new PeriluneUser(id) : null;

    /// <summary>The request's conversation. Default: the header <c>X-Thread-Id</c>.</summary>
    public Func<HttpContext, string?> Thread { get; set; } = static context => context.Request.Headers["X-Thread-Id"] is [{ Length: > 0 and <= 1024 } id] ? id : null;

    /// <summary>Tags of the request. Default: none.</summary>
    public Func<HttpContext, IEnumerable<string>?> Tags { get; set; } = static _ => null;

    /// <summary>Metadata of the request. Default: none.</summary>
    public Func<HttpContext, IEnumerable<KeyValuePair<string, object?>>?> Metadata { get; set; } = static _ => null;
}
