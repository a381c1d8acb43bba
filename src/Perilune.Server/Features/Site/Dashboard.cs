using Microsoft.AspNetCore.Diagnostics;
using Perilune.Control;
using Perilune.Server.Features.Runs;
using Perilune.Server.Features.Setup;
using Perilune.Server.Features.Threads;
using Perilune.Server.Features.Traces;
using Perilune.Server.Ui;

namespace Perilune.Server.Features.Site;

internal static class Dashboard
{
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddSingleton<AssetUrls>();
        services.AddSingleton<RunsReader>();
        services.AddSingleton<TraceReader>();
        services.AddSingleton<ThreadReader>();
        return services;
    }

    /// <summary>Shows people a page where a program gets a bare status.</summary>
    public static void UseDashboardErrors(this WebApplication app) =>
        app.UseWhen(
            static context => !ProgramPaths.Contains(context.Request.Path) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase),
            static pages => pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true));

    /// <summary>Answers 404 with the page as it is rendered.</summary>
    public static void AnswerNotFound(this HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (context.Features.Get<IStatusCodePagesFeature>() is { } replacement)
        {
            replacement.Enabled = false;
        }
    }

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().AllowAnonymous();
        var hidden = routes.MapGroup("").ExcludeFromDescription();
        hidden.MapTheme();
        hidden.MapRuns();
        hidden.MapTraces();
        hidden.MapSetup();
        routes.MapRazorComponents<App>().WithStaticAssets();
    }
}
