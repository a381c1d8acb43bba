using System.Net;
using System.Net.Http.Headers;

namespace Perilune.Server.Tests;

public sealed class HostingTests(RunningProgram program)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/health")]
    [InlineData("/v1/nothing")]
    [InlineData("/nothing")]
    [InlineData("/account/password")]
    public async Task Every_answer_has_the_headers_that_keep_browsers_in_check(string path)
    {
        using var response = await program.Http.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "Nothing answers at /v1/nothing.")]
    [InlineData("POST", "/v1/health", HttpStatusCode.MethodNotAllowed, "/v1/health takes GET, not POST.")]
    public async Task Programs_are_told_what_is_wrong_in_json(string method, string path, HttpStatusCode status, string message)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await program.Http.SendAsync(request, Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"\"message\":\"{message}\"", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browsers_of_any_site_may_call_the_api_without_cookies()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/runs/ingest");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-api-key");
        using var response = await program.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Pages_are_not_shared_with_other_sites()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login") { Headers = { { "Origin", "https://shop.example" } } };
        using var response = await program.Http.SendAsync(request, Cancel);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task What_is_fetched_is_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/health");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var response = await program.Http.SendAsync(request, Cancel);

        Assert.Equal("br", response.Content.Headers.ContentEncoding.Single());
    }
}
