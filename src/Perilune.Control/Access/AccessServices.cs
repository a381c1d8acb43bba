using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Perilune.Control;

public static class AccessServices
{
    private const string KeyOrSession = "Key or session";

    /// <summary>Adds authentication by key and by session cookie, and the policies of <see cref="Access"/>.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthentication(KeyOrSession)
            .AddPolicyScheme(KeyOrSession, null, options => options.ForwardDefaultSelector = static context =>
                ProgramPaths.Contains(context.Request.Path) && SentKey.Read(context.Request) is not null
                    ? KeyAuthentication.SchemeName
                    : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null)
            .AddCookie(options =>
            {
                options.Cookie.Name = "perilune.session";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.Cookie.IsEssential = true;
                options.ExpireTimeSpan = TimeSpan.FromDays(14);
                options.SlidingExpiration = true;
                options.Events.OnValidatePrincipal = static context =>
                {
                    if (context.Principal is null || !SessionPrincipal.IsCurrent(context.Principal, context.HttpContext.RequestServices.GetRequiredService<Roster>()))
                    {
                        context.RejectPrincipal();
                    }

                    return Task.CompletedTask;
                };
            });
        Access.AddPolicies(services.AddAuthorizationBuilder());
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessResponses>();
        return services;
    }
}
