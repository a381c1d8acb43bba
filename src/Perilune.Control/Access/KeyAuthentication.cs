using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Perilune.Control;

/// <summary>Authenticates a request by the key it carries. What is wrong with a bad one is said by <see cref="AccessHandler"/>.</summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SentKey.Read(Request) is not { } sent)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var lookup = keys.Find(sent);
        Context.Features.Set(new KeySent(lookup));

        // A failure would be logged, and clients with an old key send many.
        return Task.FromResult(lookup.Key is null
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName)));
    }
}

/// <summary>That the request carried a key, and what it stands for.</summary>
internal sealed record KeySent(KeyLookup Lookup);
