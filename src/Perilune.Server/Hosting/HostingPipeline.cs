using Perilune.Control;

namespace Perilune.Server.Hosting;

internal static class HostingPipeline
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static WebApplication UseHosting(this WebApplication app, HostSettings settings)
    {
        app.UseForwardedHeaders();
        if (settings.PathBase.Length > 0)
        {
            app.UsePathBase(settings.PathBase);
        }

        app.UseSecurityHeaders();
        app.UseExceptionHandler();

        // Only what is fetched: an answer to a form may carry a secret next to what the sender chose.
        app.UseWhen(static context => HttpMethods.IsGet(context.Request.Method), static get => get.UseResponseCompression());
        app.UseWhen(static context => ProgramPaths.Contains(context.Request.Path), static programs => programs.UseStatusCodePages());
        app.UseRouting();
        app.UseWhen(static context => ProgramPaths.Contains(context.Request.Path), static programs => programs.UseCors());
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        return app;
    }

    /// <summary>Sets what is not set by the time the answer starts, so that an endpoint can decide otherwise for itself.</summary>
    private static void UseSecurityHeaders(this WebApplication app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(
            static state =>
            {
                var headers = ((HttpResponse)state).Headers;
                headers.TryAdd("Content-Security-Policy", ContentSecurityPolicy);
                headers.TryAdd("X-Content-Type-Options", "nosniff");
                headers.TryAdd("Referrer-Policy", "same-origin");
                headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    });
}
