using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

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
        var open = program.Endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(e => e.RoutePattern.RawText!.Trim('/'));

        Assert.Empty(open.Except(["v1/health", "login", "login/link"], StringComparer.Ordinal));
    }
}
