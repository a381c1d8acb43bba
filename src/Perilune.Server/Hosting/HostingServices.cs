using System.IO.Compression;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Perilune.Server.Operations;

namespace Perilune.Server.Hosting;

/// <summary>What the process is to the world around it: sockets, proxies, browsers, logs.</summary>
internal static class HostingServices
{
    /// <summary>Above the 20 MB that ingest takes; endpoints that need less say so themselves.</summary>
    private const long MaxRequestBytes = 32 << 20;

    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder, HostSettings settings, DataFolder folder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls([.. settings.Urls, .. settings.GrpcUrls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            GrpcPort.Configure(kestrel, settings.GrpcUrls);
        });
        builder.AddQuietLogging();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(services => new ClockWatch(Path.Combine(folder.Path, DataFiles.Clock), services.GetRequiredService<TimeProvider>()));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = static context =>
        {
            var problem = context.ProblemDetails;
            problem.Detail ??= problem.Status switch
            {
                StatusCodes.Status404NotFound => $"Nothing answers at {context.HttpContext.Request.Path}.",
                StatusCodes.Status405MethodNotAllowed => $"{context.HttpContext.Request.Path} takes {context.HttpContext.Response.Headers.Allow}, not {context.HttpContext.Request.Method}.",
                StatusCodes.Status415UnsupportedMediaType => "Send JSON, with the header 'Content-Type: application/json'.",
                _ => problem.Title,
            };

            // Lunary's clients print this.
            problem.Extensions.TryAdd("message", problem.Detail);
        });
        builder.Services.AddExceptionHandler<ExceptionResponses>();
        builder.Services.AddDataProtection().SetApplicationName("Perilune").PersistKeysToFileSystem(new DirectoryInfo(folder.Keys));
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "perilune.forms";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
        builder.Services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.All;
            options.ForwardLimit = null;
            foreach (var network in settings.TrustedProxies)
            {
                options.KnownIPNetworks.Add(network);
            }
        });

        // Browsers send events with public keys from any site. Cookies are never let across, so this opens nothing else.
        builder.Services.AddCors(options => options.AddDefaultPolicy(new CorsPolicyBuilder()
            .AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
            .WithExposedHeaders("Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromHours(2))
            .Build()));
        return builder;
    }

    /// <summary>Warnings of the framework, and what we say ourselves; <c>Logging</c> in appsettings.json overrides it.</summary>
    private static void AddQuietLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter(null, LogLevel.Warning);
        builder.Logging.AddFilter("Perilune", LogLevel.Information);

        // A failed start is explained on the console; what ends a running host is logged as critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Keys lie unencrypted in a folder that only their owner can open; that is as intended.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }
}
