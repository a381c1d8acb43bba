using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Perilune.Control;

/// <summary>Decides every request: a key speaks for its project; a member must say which project is meant.</summary>
internal sealed class AccessHandler(Roster roster) : AuthorizationHandler<AccessRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        if (context.Resource is not HttpContext http)
        {
            return Task.CompletedTask;
        }

        var failure = http.Features.Get<KeySent>() is { } sent
            ? DecideKey(http, requirement, sent.Lookup)
            : DecideMember(http, requirement);
        if (failure is null)
        {
            context.Succeed(requirement);
        }
        else
        {
            // The framework drops the reasons of a request that nobody authenticated; the answer needs them.
            http.Features.Set(failure);
            context.Fail(failure);
        }

        return Task.CompletedTask;
    }

    private AccessFailure? DecideKey(HttpContext http, AccessRequirement requirement, KeyLookup lookup)
    {
        if (lookup.Key is not { } key || !(key.Kind == KeyKind.Public ? requirement.PublicKey : requirement.PrivateKey))
        {
            return AccessFailure.OfKey(this, requirement, lookup.State);
        }

        if (NamedProject(http) is { } named && named != key.ProjectId)
        {
            return AccessFailure.OtherProject(this);
        }

        http.Features.Set(new ProjectGrant(key.ProjectId, key.Kind, null));
        return null;
    }

    private AccessFailure? DecideMember(HttpContext http, AccessRequirement requirement)
    {
        var account = http.AccountId();
        if (account is null || requirement.Member is not { } needed)
        {
            return requirement.TakesKeys ? AccessFailure.OfKey(this, requirement, null) : AccessFailure.NotSignedIn(this);
        }

        if (IsChangeFromOtherSite(http.Request))
        {
            return AccessFailure.OtherSite(this);
        }

        if (!requirement.InProject)
        {
            return null;
        }

        if (NamedProject(http) is not { } project)
        {
            return AccessFailure.NoProjectNamed(this);
        }

        if (roster.RoleIn(account.Value, project) is not { } role)
        {
            return AccessFailure.NoSuchProject(this, project);
        }

        if (role < needed)
        {
            return AccessFailure.RoleTooLow(this, role, needed);
        }

        http.Features.Set(new ProjectGrant(project, null, role));
        return null;
    }

    private static Guid? NamedProject(HttpContext http) =>
        Guid.TryParse(http.GetRouteValue("projectId")?.ToString() ?? http.Request.Query["projectId"].ToString(), out var id) ? id : null;

    /// <summary>Browsers say where a request comes from; the cookie's SameSite and the forms' tokens stand behind this.</summary>
    private static bool IsChangeFromOtherSite(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) &&
        (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site");
}
