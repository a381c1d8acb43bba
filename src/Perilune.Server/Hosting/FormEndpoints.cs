namespace Perilune.Server.Hosting;

internal static class FormEndpoints
{
    private const int MaxFormBytes = 64 << 10;

    /// <summary>
    /// A group for endpoints that take a page's form and redirect. They come before pages, which answer POST too, under
    /// the same address.
    /// </summary>
    public static RouteGroupBuilder MapForms(this IEndpointRouteBuilder endpoints) => endpoints.MapGroup("")
        .WithOrder(-1)
        .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxFormBytes))
        .ExcludeFromDescription();
}
