using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;
using Perilune.Server.Hosting;

namespace Perilune.Server.Tests;

public sealed class SignInTests(RunningProgram program)
{
    private static readonly Dictionary<string, string> s_right = new(StringComparer.Ordinal) { ["email"] = "owner@example.com", ["password"] = "correct horse" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/projects?a=b", "/projects?a=b")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("", "/")]
    public async Task The_right_password_signs_in_and_leads_back_to_this_server_only(string returnUrl, string expected)
    {
        using var response = await new Forms(program).PostAsync("/login", new(s_right, StringComparer.Ordinal) { ["returnUrl"] = returnUrl }, Cancel);

        Assert.Equal((HttpStatusCode.Found, expected), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.NotEmpty(RunningProgram.SessionCookie(response));
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task The_session_cookie_is_kept_from_scripts_and_other_sites_and_from_plain_http_where_there_is_https(string scheme, bool secure)
    {
        using var response = await new Forms(program).PostAsync("/login", s_right, Cancel, ("X-Forwarded-Proto", scheme));

        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("perilune.session=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Equal(secure, cookie.Contains("; secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_leads_back_to_the_form_with_a_message_until_it_is_tried_too_often()
    {
        var forms = new Forms(program);
        List<string> messages = [];
        for (var i = 0; i < 6; i++)
        {
            using var response = await forms.PostAsync(
                "/login", new(StringComparer.Ordinal) { ["email"] = "guessed@example.com", ["password"] = "guess", ["returnUrl"] = "/projects" }, Cancel);
            Assert.Equal("/login?returnUrl=%2Fprojects", response.Headers.Location?.OriginalString);
            messages.Add(forms.Flash()!.Text);
        }

        Assert.Equal([.. Enumerable.Repeat("The email or the password is wrong.", 5), "Too many failed attempts to sign in. Try again in 15 minutes."], messages);
    }

    [Fact]
    public async Task A_form_that_is_not_ours_is_refused()
    {
        using var content = new FormUrlEncodedContent(s_right);
        using var response = await program.Http.PostAsync(new Uri("/login", UriKind.Relative), content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("This form is out of date. Go back, reload the page and send it again.", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_new_password_ends_other_sessions_and_keeps_this_one()
    {
        var cookie = await program.SignInNewAccountAsync(Role.Viewer, Cancel);
        var account = (await program.AccountOfAsync(cookie, Cancel))!;
        var forms = new Forms(program, SessionPrincipal.Of(account));
        forms.Use(cookie);

        using var response = await forms.PostAsync("/account/password", new(StringComparer.Ordinal) { ["password"] = "battery staple" }, Cancel);

        Assert.Equal(new Flash(FlashKind.Notice, "The password is set. Other sessions of this account have ended."), forms.Flash());
        Assert.Null(await program.AccountOfAsync(cookie, Cancel));
        Assert.Equal(account.Id, (await program.AccountOfAsync(RunningProgram.SessionCookie(response), Cancel))?.Id);
    }

    [Fact]
    public async Task A_key_made_by_a_form_is_shown_once_and_revoked_by_another()
    {
        var keys = program.Services.GetRequiredService<ApiKeys>();
        var forms = await AdminAsync();

        using var made = await forms.PostAsync($"/projects/{RunningProgram.PublicKey}/keys", new(StringComparer.Ordinal) { ["name"] = "From a form" }, Cancel);
        Assert.Equal($"/projects/{RunningProgram.PublicKey}/settings", made.Headers.Location?.OriginalString);
        var flash = forms.Flash()!;
        Assert.Equal(FlashKind.Secret, flash.Kind);
        var ring = program.Services.GetRequiredService<KeyRing>();
        Assert.Equal(KeyState.Valid, ring.Find(flash.Text).State);

        var key = (await keys.ListAsync(RunningProgram.PublicKey, Cancel)).Single(k => string.Equals(k.Name, "From a form", StringComparison.Ordinal));
        using var fromElsewhere = await forms.PostAsync($"/projects/{RunningProgram.PublicKey}/keys/{key.Id}/revoke", [], Cancel, ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal((HttpStatusCode.Forbidden, KeyState.Valid), (fromElsewhere.StatusCode, ring.Find(flash.Text).State));
        using var revoked = await forms.PostAsync($"/projects/{RunningProgram.PublicKey}/keys/{key.Id}/revoke", [], Cancel);
        Assert.Equal((HttpStatusCode.Found, KeyState.Revoked), (revoked.StatusCode, ring.Find(flash.Text).State));
    }

    private async Task<Forms> AdminAsync()
    {
        var cookie = await program.SignInNewAccountAsync(Role.Admin, Cancel);
        var account = (await program.AccountOfAsync(cookie, Cancel))!;
        var forms = new Forms(program, SessionPrincipal.Of(account));
        forms.Use(cookie);
        return forms;
    }
}
