using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Server.Hosting;

namespace Perilune.Server.Tests;

/// <summary>Sends forms as a browser does that got them from one of our pages.</summary>
internal sealed class Forms(RunningProgram program, ClaimsPrincipal? user = null)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var page = new DefaultHttpContext { RequestServices = program.Services, User = user ?? new ClaimsPrincipal() };
        var tokens = program.Services.GetRequiredService<IAntiforgery>().GetTokens(page);
        _cookies["perilune.forms"] = tokens.CookieToken!;
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Append(new(tokens.FormFieldName, tokens.RequestToken!))),
        };
        request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}")));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var response = await program.Http.SendAsync(request, cancellationToken);
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var (name, value) = cookie.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : throw new InvalidOperationException(cookie);
            _cookies[name] = value;
        }

        return response;
    }

    public void Use(string cookie) => _cookies["perilune.session"] = cookie.Split('=', 2)[1];

    /// <summary>The message that the next page would show.</summary>
    public Flash? Flash()
    {
        var page = new DefaultHttpContext { RequestServices = program.Services };
        page.Request.Headers.Cookie = $"perilune.flash={_cookies.GetValueOrDefault("perilune.flash")}";
        return Hosting.Flash.Take(page);
    }
}
