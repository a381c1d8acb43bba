using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>
/// Makes what the first start needs, and adds what the configuration asks for and is not there. Never takes away or
/// overwrites: what people changed in the dashboard stays.
/// </summary>
public sealed class Setup
{
    private readonly ControlStore _store;
    private readonly Accounts _accounts;
    private readonly Passwords _passwords;
    private readonly TimeProvider _time;

    internal Setup(ControlStore store, Accounts accounts, Passwords passwords, TimeProvider time) =>
        (_store, _accounts, _passwords, _time) = (store, accounts, passwords, time);

    /// <exception cref="ControlStartException">The database cannot be used, or the request contradicts what is in it.</exception>
    public async Task<SetupResult> RunAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        await _store.StartAsync(cancellationToken);
        var isFirst = _store.ReadSql(db => !db.Any("SELECT 1 FROM organizations LIMIT 1"));
        NewProject? created = null;
        if (isFirst || !request.IsEmpty)
        {
            // Hashed before the write gate is taken, and only when it will be used.
            var passwordHash = await PasswordHashAsync(request, cancellationToken);
            created = await _store.WriteSqlAsync(db => new SetupWriter(db, request, _time.GetUtcNow()).Apply(passwordHash), cancellationToken);
        }

        var owners = _store.ReadSql(db => db.Query(
            "SELECT Id, Email, PasswordHash IS NOT NULL FROM accounts WHERE Id IN (SELECT AccountId FROM memberships WHERE Role = @1) ORDER BY Id",
            row => (Id: row.GetGuid(0), Email: row.GetString(1), HasPassword: row.GetBoolean(2)),
            nameof(Role.Owner)));
        if (owners.Count == 0 || owners.Exists(owner => owner.HasPassword))
        {
            return new SetupResult(created, owners.Count == 0 ? null : owners[0].Email, null);
        }

        return new SetupResult(created, owners[0].Email, await LinkAsync(owners[0].Id, cancellationToken));
    }

    private async Task<string?> LinkAsync(Guid owner, CancellationToken cancellationToken)
    {
        try
        {
            return await _accounts.IssueLinkAsync(owner, cancellationToken);
        }
        catch (ControlUnavailableException)
        {
            // A full disk must not keep the program from starting: it can still show what it has, and recovers by itself.
            return null;
        }
    }

    private async Task<string?> PasswordHashAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        if (request is not { Email: { } email, Password: { } password })
        {
            return null;
        }

        var hasOne = _store.ReadSql(db => db.Any("SELECT 1 FROM accounts WHERE EmailKey = @1 AND PasswordHash IS NOT NULL", EmailAddress.Key(email)));
        return hasOne ? null : await _passwords.HashAsync(password, cancellationToken);
    }
}
