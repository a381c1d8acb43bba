using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PeriluneSdk.Tests.EndToEnd;

/// <summary>Stands before a server and does what networks and proxies do: it takes turns.</summary>
internal sealed class FlakyProxy : IAsyncDisposable
{
    private const int Turns = 7;

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private int _requests;

    private FlakyProxy(WebApplication app, Uri target) => (_app, _http) = (app, new HttpClient { BaseAddress = target });

    public Uri Url => new(_app.Urls.Single());

    public static async Task<FlakyProxy> StartAsync(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new FlakyProxy(builder.Build(), target);
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        switch (Interlocked.Increment(ref _requests) % Turns)
        {
            case 1:
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "0";
                return;
            case 3:
                context.Response.StatusCode = 503;
                return;
            case 4:
                context.Abort();
                return;
            case 6:
                // The server has it, and the client does not hear so.
                (await ForwardAsync(context)).Dispose();
                context.Abort();
                return;
        }

        try
        {
            using var answer = await ForwardAsync(context);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(context.Request.Path.Value!.TrimStart('/'), UriKind.Relative));
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        body.Position = 0;
        request.Content = new StreamContent(body);
        foreach (var header in new[] { "Content-Type", "Content-Encoding" })
        {
            if (context.Request.Headers[header] is [{ } value])
            {
                request.Content.Headers.TryAddWithoutValidation(header, value);
            }
        }

        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        return await _http.SendAsync(request);
    }
}
