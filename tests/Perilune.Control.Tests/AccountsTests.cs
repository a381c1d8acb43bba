namespace Perilune.Control.Tests;

public sealed class AccountsTests
{
    private const string Email = "ada@example.com";
    private const string Password = "correct horse";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ada@example.com", Password, true)]
    [InlineData("  ADA@Example.com ", Password, true)]
    [InlineData("ada@example.com", "wrong horse", false)]
    [InlineData("bob@example.com", Password, false)]
    [InlineData("", "", false)]
    public async Task Signing_in_takes_the_right_password_and_any_case_of_the_email(string email, string password, bool expected)
    {
        await using var control = await StartAsync();

        var outcome = await control.Accounts.SignInAsync(email, password, "::1", Cancel);

        Assert.Equal(expected, outcome.Succeeded);
        Assert.Equal(expected ? null : "The email or the password is wrong.", outcome.Error);
    }

    [Fact]
    public async Task Guessing_is_stopped_per_account_and_address_for_a_while()
    {
        await using var control = await StartAsync();
        for (var i = 0; i < LoginThrottle.PerAccountAndAddress; i++)
        {
            await control.Accounts.SignInAsync(Email, "wrong horse", "10.0.0.1", Cancel);
        }

        var blocked = await control.Accounts.SignInAsync(Email, Password, "10.0.0.1", Cancel);
        var elsewhere = await control.Accounts.SignInAsync(Email, Password, "10.0.0.2", Cancel);
        control.Time.Advance(TimeSpan.FromMinutes(15));
        var later = await control.Accounts.SignInAsync(Email, Password, "10.0.0.1", Cancel);

        Assert.Equal("Too many failed attempts to sign in. Try again in 15 minutes.", blocked.Error);
        Assert.True(elsewhere.Succeeded);
        Assert.True(later.Succeeded);
    }

    [Fact]
    public void Many_guesses_from_one_address_or_at_one_account_are_stopped_too()
    {
        var throttle = new LoginThrottle(new ManualTime());
        Assert.Equal(50, Enumerable.Range(0, 500).Count(i => throttle.Begin($"account {i}", "10.0.0.1") == TimeSpan.Zero));

        throttle = new LoginThrottle(new ManualTime());
        Assert.Equal(200, Enumerable.Range(0, 500).Count(i => throttle.Begin("account", $"10.0.0.{i}") == TimeSpan.Zero));
    }

    [Fact]
    public void A_success_forgets_the_failures_before_it()
    {
        var throttle = new LoginThrottle(new ManualTime());
        for (var i = 0; i < 10 * LoginThrottle.PerAccountAndAddress; i++)
        {
            Assert.Equal(TimeSpan.Zero, throttle.Begin("account", "10.0.0.1"));
            if (i % LoginThrottle.PerAccountAndAddress == LoginThrottle.PerAccountAndAddress - 1)
            {
                throttle.Succeeded("account", "10.0.0.1");
            }
        }
    }

    [Fact]
    public async Task A_login_link_works_once_and_for_a_day()
    {
        await using var control = await StartAsync();
        var account = (await control.Accounts.SignInAsync(Email, Password, "", Cancel)).Value!;

        var token = await control.Accounts.IssueLinkAsync(account.Id, Cancel);
        Assert.Equal(account.Id, (await control.Accounts.RedeemLinkAsync(token, Cancel)).Value?.Id);
        Assert.False((await control.Accounts.RedeemLinkAsync(token, Cancel)).Succeeded);

        var replaced = await control.Accounts.IssueLinkAsync(account.Id, Cancel);
        var late = await control.Accounts.IssueLinkAsync(account.Id, Cancel);
        Assert.False((await control.Accounts.RedeemLinkAsync(replaced, Cancel)).Succeeded);
        control.Time.Advance(TimeSpan.FromHours(24));
        Assert.False((await control.Accounts.RedeemLinkAsync(late, Cancel)).Succeeded);
    }

    [Fact]
    public async Task One_of_many_at_once_gets_in_with_a_login_link()
    {
        await using var control = await StartAsync();
        var account = (await control.Accounts.SignInAsync(Email, Password, "", Cancel)).Value!;
        var token = await control.Accounts.IssueLinkAsync(account.Id, Cancel);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => control.Accounts.RedeemLinkAsync(token, Cancel), Cancel)));

        Assert.Single(outcomes, o => o.Succeeded);
    }

    [Fact]
    public async Task A_new_password_needs_the_current_one_and_ends_sessions()
    {
        await using var control = await StartAsync();
        var account = (await control.Accounts.SignInAsync(Email, Password, "", Cancel)).Value!;
        var session = SessionPrincipal.Of(account);

        Assert.Equal("The current password is wrong.", (await control.Accounts.SetPasswordAsync(account.Id, null, "battery staple", Cancel)).Error);
        Assert.Equal("A password needs 8 to 256 characters.", (await control.Accounts.SetPasswordAsync(account.Id, Password, "short", Cancel)).Error);
        Assert.True(SessionPrincipal.IsCurrent(session, control.Roster));
        var changed = await control.Accounts.SetPasswordAsync(account.Id, Password, "battery staple", Cancel);

        Assert.False(SessionPrincipal.IsCurrent(session, control.Roster));
        Assert.True(SessionPrincipal.IsCurrent(SessionPrincipal.Of(changed.Value!), control.Roster));
        Assert.False((await control.Accounts.SignInAsync(Email, Password, "", Cancel)).Succeeded);
        Assert.True((await control.Accounts.SignInAsync(Email, "battery staple", "", Cancel)).Succeeded);
    }

    [Fact]
    public async Task An_email_belongs_to_one_account_in_any_case()
    {
        await using var control = await StartAsync();
        await control.SetUpAsync(new SetupRequest { Email = "bob@example.com" });
        var account = (await control.Accounts.SignInAsync(Email, Password, "", Cancel)).Value!;

        Assert.Equal("Another account has that email address.", (await control.Accounts.ChangeEmailAsync(account.Id, "BOB@example.com", Cancel)).Error);
        Assert.Equal("Ada@Example.com", (await control.Accounts.ChangeEmailAsync(account.Id, "Ada@Example.com", Cancel)).Value?.Email);
        Assert.False((await control.Accounts.ChangeEmailAsync(account.Id, "not an address", Cancel)).Succeeded);
    }

    private static async Task<ControlPlane> StartAsync()
    {
        var control = ControlPlane.Create();
        await control.SetUpAsync(new SetupRequest { Email = Email, Password = Password });
        return control;
    }
}
