using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Perilune.Control;

/// <summary>What a session's cookie says.</summary>
public static class SessionPrincipal
{
    private const string Stamp = "stamp";

    public static ClaimsPrincipal Of(Account account) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()),
            new Claim(Stamp, account.SecurityStamp),
        ],
        CookieAuthenticationDefaults.AuthenticationScheme));

    internal static Guid? AccountId(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    internal static bool IsCurrent(ClaimsPrincipal principal, Roster roster) =>
        AccountId(principal) is { } account && roster.IsCurrent(account, principal.FindFirstValue(Stamp) ?? "");
}
