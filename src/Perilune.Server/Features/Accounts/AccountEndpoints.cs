using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Server.Hosting;
using AccountService = Perilune.Control.Accounts;

namespace Perilune.Server.Features.Accounts;

/// <summary>Signing in and out, and what people set about themselves.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder endpoints)
    {
        var forms = endpoints.MapForms();
        forms.MapPost("/login", SignInAsync).AllowAnonymous();
        forms.MapGet("/login/link", RedeemLinkAsync).AllowAnonymous();
        forms.MapPost("/logout", SignOutAsync).RequireAuthorization(Access.SignedIn);
        forms.MapPost("/account/password", SetPasswordAsync).RequireAuthorization(Access.SignedIn);
        forms.MapPost("/account/email", ChangeEmailAsync).RequireAuthorization(Access.SignedIn);
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, AccountService accounts, [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var outcome = await accounts.SignInAsync(email ?? "", password ?? "", address, cancellationToken);
        if (outcome.Succeeded)
        {
            await BeginSessionAsync(context, outcome.Value);
            return LocalUrl.Redirect(context, returnUrl, "/");
        }

        new Flash(FlashKind.Error, outcome.Error).Write(context);
        return LocalUrl.Redirect(context, null, "/login" + (LocalUrl.IsLocal(returnUrl) ? QueryString.Create("returnUrl", returnUrl!) : ""));
    }

    private static async Task<IResult> RedeemLinkAsync(HttpContext context, AccountService accounts, string? token, CancellationToken cancellationToken)
    {
        // The address is a credential until it is used: it must not stay in caches or travel as a referrer.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var outcome = await accounts.RedeemLinkAsync(token ?? "", cancellationToken);
        if (!outcome.Succeeded)
        {
            new Flash(FlashKind.Error, outcome.Error).Write(context);
            return LocalUrl.Redirect(context, null, "/login");
        }

        await BeginSessionAsync(context, outcome.Value);
        if (!outcome.Value.HasPassword)
        {
            new Flash(FlashKind.Notice, "You are signed in. Set a password under Account, so that you can sign in again.").Write(context);
        }

        return LocalUrl.Redirect(context, null, "/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IFormCollection form)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return LocalUrl.Redirect(context, null, "/login");
    }

    private static async Task<IResult> SetPasswordAsync(
        HttpContext context, AccountService accounts, [FromForm] string? current, [FromForm] string? password, CancellationToken cancellationToken)
    {
        var outcome = await accounts.SetPasswordAsync(context.AccountId()!.Value, current, password ?? "", cancellationToken);
        if (outcome.Succeeded)
        {
            await BeginSessionAsync(context, outcome.Value);
        }

        return Answer(context, outcome, "The password is set. Other sessions of this account have ended.");
    }

    private static async Task<IResult> ChangeEmailAsync(
        HttpContext context, AccountService accounts, [FromForm] string? email, CancellationToken cancellationToken) =>
        Answer(context, await accounts.ChangeEmailAsync(context.AccountId()!.Value, email ?? "", cancellationToken), "The email address is changed.");

    private static IResult Answer(HttpContext context, Outcome<Account> outcome, string notice)
    {
        (outcome.Succeeded ? new Flash(FlashKind.Notice, notice) : new Flash(FlashKind.Error, outcome.Error)).Write(context);
        return LocalUrl.Redirect(context, null, "/account");
    }

    private static Task BeginSessionAsync(HttpContext context, Account account) => context.SignInAsync(
        CookieAuthenticationDefaults.AuthenticationScheme,
        SessionPrincipal.Of(account),
        new AuthenticationProperties { IsPersistent = true });
}
