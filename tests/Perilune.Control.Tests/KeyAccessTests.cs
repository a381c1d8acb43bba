using System.Net;
using System.Text;
using System.Text.Json;

namespace Perilune.Control.Tests;

public sealed class KeyAccessTests(AccessApp app) : IClassFixture<AccessApp>
{
    private const string Either = "Send the project's public or private key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";
    private const string Private = "Send the project's private key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer   {0}")]
    [InlineData("Authorization", "Anything {0}")]
    [InlineData("Authorization", "{0}")]
    [InlineData("X-API-Key", "{0}")]
    [InlineData("x-api-key", " {0} ")]
    public async Task Every_form_of_either_key_opens_ingest(string header, string form)
    {
        foreach (var key in new[] { app.Project.PublicKey, app.Project.PrivateKey })
        {
            foreach (var text in new[] { $"{key}", $"{key}".ToUpperInvariant() })
            {
                var (status, body) = await CallAsync("/v1/ingest", header, string.Format(null, form, text));
                Assert.Equal((HttpStatusCode.OK, app.Project.Project.Id.ToString()), (status, body.Split(' ')[0]));
            }
        }
    }

    [Theory]
    [InlineData("{0}:{1}", "Private")]
    [InlineData("{1}:", "Private")]
    [InlineData("{0}:", "Public")]
    [InlineData(":{1}", "Private")]
    public async Task Basic_authentication_takes_the_private_key_where_there_is_one(string form, string kind)
    {
        var pair = string.Format(null, form, app.Project.PublicKey, app.Project.PrivateKey);
        var (_, body) = await CallAsync("/v1/ingest", "Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}");
        Assert.Equal($"{app.Project.Project.Id} {kind}", body);
    }

    [Theory]
    [InlineData("/v1/ingest", null, "No key was sent. " + Either)]
    [InlineData("/v1/ingest", "", "No key was sent. " + Either)]
    [InlineData("/v1/ingest", "Bearer 0x0", "The key sent is not a UUID. " + Either)]
    [InlineData("/v1/ingest", "Basic !!!", "The key sent is not a UUID. " + Either)]
    [InlineData("/v1/ingest", "Bearer 00000000-0000-4000-8000-000000000000", "The key sent is unknown: it belongs to no project of this server. " + Either)]
    [InlineData("/v1/ingest", "Bearer REVOKED", "The key sent was revoked. " + Either)]
    [InlineData("/v1/read", null, "No key was sent. " + Private)]
    [InlineData("/v1/read", "Bearer PUBLIC", "The key sent is a public key, but this route needs the private key. " + Private)]
    [InlineData("/V1/Write", "Bearer PUBLIC", "The key sent is a public key, but this route needs the private key. " + Private)]
    [InlineData("/v1/manage", "Bearer PRIVATE", "No key opens this route: sign in to the dashboard.")]
    [InlineData("/v1/manage", null, "Sign in first.")]
    public async Task A_refusal_says_what_was_sent_and_what_is_expected(string path, string? authorization, string message)
    {
        if (authorization?.Contains("REVOKED", StringComparison.Ordinal) == true)
        {
            var key = (await app.Keys.CreateAsync(app.Project.Project.Id, KeyKind.Private, "Revoked", Cancel)).Value!;
            await app.Keys.RevokeAsync(app.Project.Project.Id, key.Key.Id, Cancel);
            authorization = authorization.Replace("REVOKED", key.Secret.ToString(), StringComparison.Ordinal);
        }

        authorization = authorization?
            .Replace("PUBLIC", app.Project.PublicKey.ToString(), StringComparison.Ordinal)
            .Replace("PRIVATE", app.Project.PrivateKey.ToString(), StringComparison.Ordinal);

        var (status, body) = await CallAsync(path, "Authorization", authorization);

        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal((HttpStatusCode.Unauthorized, message, 401, message),
            (status, problem.GetProperty("message").GetString(), problem.GetProperty("status").GetInt32(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task A_key_does_not_open_another_project_that_the_request_names()
    {
        var (status, body) = await CallAsync($"/v1/read?projectId={Guid.CreateVersion7()}", "Authorization", $"Bearer {app.Project.PrivateKey}");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("another project", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_policy_is_closed_to_all()
    {
        var (status, body) = await CallAsync("/v1/forgotten", "Authorization", $"Bearer {app.Project.PrivateKey}");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("This route is closed.", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_is_the_answer_is_404()
    {
        var (status, _) = await CallAsync("/v1/nothing", "Authorization", "Bearer hello");
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    [Fact]
    public async Task A_page_sends_people_to_sign_in_and_back_whatever_key_they_send()
    {
        var path = $"/projects/{app.Project.Project.Id}/read?a=b";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {app.Project.PrivateKey}");
        using var response = await app.Http.SendAsync(request, Cancel);
        Assert.Equal((HttpStatusCode.Found, "/login?returnUrl=" + Uri.EscapeDataString(path)), (response.StatusCode, response.Headers.Location?.OriginalString));

        using var partial = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "HX-Request", "true" } } };
        using var answer = await app.Http.SendAsync(partial, Cancel);
        Assert.Equal((HttpStatusCode.Unauthorized, "/login"), (answer.StatusCode, answer.Headers.GetValues("HX-Redirect").Single()));
    }

    private async Task<(HttpStatusCode Status, string Body)> CallAsync(string path, string header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await app.Http.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
