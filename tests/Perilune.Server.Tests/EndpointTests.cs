using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Perilune.Server.Tests;

public sealed class EndpointTests(RunningProgram program)
{
    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        var silent = program.Endpoints
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && !e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy is not null))
            .Select(e => $"{e.DisplayName} ({e.RoutePattern.RawText})")
            .Distinct(StringComparer.Ordinal);

        Assert.Empty(silent);
    }

    [Fact]
    public void Anonymous_endpoints_are_few_and_known()
    {
        var open = program.Endpoints
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null && e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Select(e => e.RoutePattern.RawText!.Trim('/'));

        string[] known =
        [
            "v1/health", "login", "login/link", "theme", "error/{status:int}", "not-found",
            "openapi/{documentName}.json", "docs/scalar.js", "docs/favicon.svg", "docs/scalar.aspnetcore.js", "docs/{documentName?}",
            "api/report", "info", "api/v1/info", "api/is-alive/ping", "api/public/media/{medium}/content", "v1/runs/{id}/public", "v1/runs/exports/{token}", "api/v1/template",
        ];
        Assert.Empty(open.Except(known, StringComparer.Ordinal));
    }
}
