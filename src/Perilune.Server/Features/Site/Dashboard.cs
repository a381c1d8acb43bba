using Microsoft.AspNetCore.Authorization;
using Perilune.Control;
using Perilune.Server.Features.Analytics;
using Perilune.Server.Features.Prices;
using Perilune.Server.Features.Projects;
using Perilune.Server.Features.Prompts;
using Perilune.Server.Features.Runs;
using Perilune.Server.Features.Setup;
using Perilune.Server.Features.Threads;
using Perilune.Server.Features.Traces;
using Perilune.Server.Features.Traces.Estimates;
using Perilune.Server.Features.Usage;
using Perilune.Server.Features.Users;
using Perilune.Server.Ui;

namespace Perilune.Server.Features.Site;

internal static class Dashboard
{
    public static WebApplicationBuilder AddDashboard(this WebApplicationBuilder builder)
    {
        // The files are what was built: looking for newer ones adds a route that answers for every address.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        var services = builder.Services;
        services.AddRazorComponents();
        services.AddSingleton<AssetUrls>();
        services.AddSingleton<RunsReader>();
        services.AddSingleton<FilterSuggestions>();
        services.AddSingleton<PaletteReader>();
        services.AddSingleton<TraceReader>();
        services.AddSingleton<TokenEstimator>();
        services.AddSingleton<ThreadReader>();
        services.AddSingleton<UsersReader>();
        services.AddSingleton<AnalyticsReader>();
        services.AddSingleton<UsageReader>();
        services.AddSingleton<PricesReader>();
        services.AddSingleton<Repricer>();
        services.AddHostedService(s => s.GetRequiredService<Repricer>());
        services.AddSingleton<Retention>();
        services.AddHostedService(s => s.GetRequiredService<Retention>());
        return builder;
    }

    /// <summary>The framework adds helpers of its own to pages; nothing of ours is reached through them.</summary>
    private static void DenyUnlessSaid(EndpointBuilder endpoint)
    {
        if (!endpoint.Metadata.Any(m => m is IAllowAnonymous or IAuthorizeData))
        {
            endpoint.Metadata.Add(new AuthorizeAttribute(Access.SignedIn));
        }
    }

    /// <summary>Shows people a page where a program gets a bare status.</summary>
    public static void UseDashboardErrors(this WebApplication app) =>
        app.UseWhen(
            static context => ProgramPaths.IsPageVisit(context.Request),
            static pages => pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true));

    /// <summary>Answers 404 with the page as it is rendered: set any earlier, the status would make the framework drop the page.</summary>
    public static void AnswerNotFound(this HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            ((HttpResponse)state).StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        },
        context.Response);

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var site = routes.MapGroup("").ExcludeFromDescription();
        ((IEndpointConventionBuilder)site).Finally(DenyUnlessSaid);
        site.MapStaticAssets().AllowAnonymous();
        site.MapTheme();
        site.MapPalette();
        site.MapRuns();
        site.MapViews();
        site.MapTraces();
        site.MapUsage();
        site.MapSetup();
        site.MapPrompts();
        site.MapUsers();
        site.MapPrices();
        site.MapRazorComponents<App>().WithStaticAssets();
    }
}
