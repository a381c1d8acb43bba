using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeriluneSdk;
using PeriluneSdk.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds Perilune to the pipeline of requests.</summary>
public static class PeriluneApplicationBuilderExtensions
{
    /// <summary>
    /// Everything that a request records belongs to its user and thread. Stands after authentication, so that the user is
    /// known.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="configure">Says how a request is read.</param>
    /// <returns>The same application.</returns>
    /// <example>
    /// <code>
    /// app.UseAuthentication();
    /// app.UsePeriluneContext(o => o.Thread = context => context.Request.RouteValues["chat"]?.ToString());
    /// </code>
    /// </example>
    public static IApplicationBuilder UsePeriluneContext(this IApplicationBuilder app, Action<PeriluneContextOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new PeriluneContextOptions();
        configure?.Invoke(options);
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Perilune");
        return app.Use(async (context, next) =>
        {
            using (Perilune.Scope(Ask(options.User), Ask(options.Thread), Ask(options.Tags), Ask(options.Metadata)))
            {
                await next(context).ConfigureAwait(false);
            }

            T? Ask<T>(Func<HttpContext, T?> question)
                where T : class
            {
                try
                {
                    return question(context);
                }
#pragma warning disable CA1031 // The application's own function must not fail a request for the sake of its observation.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    ContextLog.Failed(logger, error);
                    return null;
                }
            }
        });
    }
}
