using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>People who sign in.</summary>
public sealed class Accounts
{
    internal static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    private readonly ControlStore _store;
    private readonly Passwords _passwords;
    private readonly LoginThrottle _throttle;
    private readonly Roster _roster;
    private readonly TimeProvider _time;

    internal Accounts(ControlStore store, Passwords passwords, LoginThrottle throttle, Roster roster, TimeProvider time) =>
        (_store, _passwords, _throttle, _roster, _time) = (store, passwords, throttle, roster, time);

    /// <summary>To be called when somebody is about to sign in: the first time that takes a second to get ready for.</summary>
    public void Expect() => _store.WarmUp();

    public Account? Find(Guid id) => _roster.Find(id);

    /// <param name="address">Where the attempt comes from; guesses are counted per account and address.</param>
    public async Task<Outcome<Account>> SignInAsync(string email, string password, string address, CancellationToken cancellationToken)
    {
        var key = EmailAddress.Key(email);
        if (!EmailAddress.IsValid(email.Trim()) || password.Length > PasswordRules.MaxLength)
        {
            return new Refusal("The email or the password is wrong.");
        }

        if (_throttle.Begin(key, address) is { Ticks: > 0 } wait)
        {
            return new Refusal($"Too many failed attempts to sign in. Try again in {Math.Ceiling(wait.TotalMinutes)} minutes.");
        }

        var row = await _store.ReadAsync(db => db.Accounts.SingleOrDefaultAsync(a => a.EmailKey == key, cancellationToken));
        if (!await _passwords.VerifyAsync(row?.PasswordHash, password, cancellationToken))
        {
            return new Refusal("The email or the password is wrong.");
        }

        _throttle.Succeeded(key, address);
        return Account.Of(row!);
    }

    /// <summary>Uses up a login link.</summary>
    public Task<Outcome<Account>> RedeemLinkAsync(string token, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<Account>>(
        async db =>
        {
            var hash = KeyHash.Of(token).ToArray();
            var link = await db.LoginLinks.SingleOrDefaultAsync(l => l.Hash == hash, cancellationToken);
            if (link is null || link.Expires <= _time.GetUtcNow())
            {
                return new Refusal("This login link was used already, has expired or was never issued. Sign in with your password; an account without one gets a new link whenever Perilune starts.");
            }

            db.LoginLinks.Remove(link);
            return Account.Of(await db.Accounts.SingleAsync(a => a.Id == link.AccountId, cancellationToken));
        },
        cancellationToken);

    /// <summary>Issues a token that signs the account in once within 24 hours; earlier ones of the account end.</summary>
    public Task<string> IssueLinkAsync(Guid account, CancellationToken cancellationToken) => _store.WriteSqlAsync(
        db =>
        {
            var token = Secrets.NewToken();
            db.Execute("DELETE FROM login_links WHERE AccountId = @1", account);
            db.Execute("INSERT INTO login_links(Hash, AccountId, Expires) VALUES(@1, @2, @3)", KeyHash.Of(token).ToArray(), account, _time.GetUtcNow() + LinkLifetime);
            return token;
        },
        cancellationToken);

    /// <summary>Sets the password and ends every session of the account: the caller signs its own in again.</summary>
    /// <param name="current">The password until now; not asked for while the account has none.</param>
    public async Task<Outcome<Account>> SetPasswordAsync(Guid account, string? current, string password, CancellationToken cancellationToken)
    {
        if (PasswordRules.Refuse(password) is { } problem)
        {
            return new Refusal(problem);
        }

        var before = await _store.ReadAsync(db => db.Accounts.SingleAsync(a => a.Id == account, cancellationToken));
        if (before.PasswordHash is not null)
        {
            if (_throttle.Begin(before.EmailKey, "password change") is { Ticks: > 0 } wait)
            {
                return new Refusal($"Too many failed attempts. Try again in {Math.Ceiling(wait.TotalMinutes)} minutes.");
            }

            if (!await _passwords.VerifyAsync(before.PasswordHash, current ?? "", cancellationToken))
            {
                return new Refusal("The current password is wrong.");
            }

            _throttle.Succeeded(before.EmailKey, "password change");
        }

        var hash = await _passwords.HashAsync(password, cancellationToken);
        return await _store.WriteAsync<Outcome<Account>>(
            async db =>
            {
                var row = await db.Accounts.SingleAsync(a => a.Id == account, cancellationToken);
                if (!string.Equals(row.PasswordHash, before.PasswordHash, StringComparison.Ordinal))
                {
                    return new Refusal("The password was changed elsewhere in the meantime. Sign in again.");
                }

                row.PasswordHash = hash;
                row.SecurityStamp = Secrets.NewToken();
                await db.LoginLinks.Where(l => l.AccountId == account).ExecuteDeleteAsync(cancellationToken);
                return Account.Of(row);
            },
            cancellationToken);
    }

    public Task<Outcome<Account>> ChangeEmailAsync(Guid account, string email, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<Account>>(
        async db =>
        {
            email = email.Trim();
            if (!EmailAddress.IsValid(email))
            {
                return new Refusal("That is not an email address: it needs the form name@example.com.");
            }

            var key = EmailAddress.Key(email);
            if (await db.Accounts.AnyAsync(a => a.EmailKey == key && a.Id != account, cancellationToken))
            {
                return new Refusal("Another account has that email address.");
            }

            var row = await db.Accounts.SingleAsync(a => a.Id == account, cancellationToken);
            (row.Email, row.EmailKey) = (email, key);
            return Account.Of(row);
        },
        cancellationToken);
}

/// <param name="HasPassword">False while the account can be entered by a login link only.</param>
public sealed record Account(Guid Id, string Email, bool HasPassword)
{
    internal string SecurityStamp { get; init; } = "";

    internal static Account Of(AccountRow row) => new(row.Id, row.Email, row.PasswordHash is not null) { SecurityStamp = row.SecurityStamp };
}
