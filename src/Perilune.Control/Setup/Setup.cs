using Microsoft.EntityFrameworkCore;
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
        var isFirst = !await _store.ReadAsync(db => db.Organizations.AnyAsync(cancellationToken));
        NewProject? created = null;
        if (isFirst || !request.IsEmpty)
        {
            // Hashed before the write gate is taken, and only when it will be used.
            var passwordHash = await PasswordHashAsync(request, cancellationToken);
            created = await _store.WriteAsync(db => ApplyAsync(db, request, passwordHash, cancellationToken), cancellationToken);
        }

        var owners = await _store.ReadAsync(db => db.Accounts
            .Where(a => a.Memberships.Any(m => m.Role == Role.Owner))
            .Select(a => new { a.Id, a.Email, a.PasswordHash })
            .ToListAsync(cancellationToken));
        if (owners.Count == 0 || owners.Exists(o => o.PasswordHash is not null))
        {
            return new SetupResult(created, owners.FirstOrDefault()?.Email, null);
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

        var key = EmailAddress.Key(email);
        return await _store.ReadAsync(db => db.Accounts.AnyAsync(a => a.EmailKey == key && a.PasswordHash != null, cancellationToken))
            ? null
            : await _passwords.HashAsync(password, cancellationToken);
    }

    private async Task<NewProject?> ApplyAsync(ControlDb db, SetupRequest request, string? passwordHash, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var organization = await OrganizationAsync(db, request, now, cancellationToken);
        await OwnerAsync(db, request, organization, passwordHash, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return await ProjectAsync(db, request, organization, now, cancellationToken);
    }

    private static async Task<OrganizationRow> OrganizationAsync(ControlDb db, SetupRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A project that is there already decides: renaming its organization must not make a second one.
        if (await db.Projects.Where(p => p.Id == request.PublicKey).Select(p => p.Organization).SingleOrDefaultAsync(cancellationToken) is { } known)
        {
            return known;
        }

        var all = await db.Organizations.ToListAsync(cancellationToken);
        if (all.Find(o => string.Equals(o.Name, request.Organization, StringComparison.Ordinal)) is { } named)
        {
            return named;
        }

        if (request.Organization is null && all.Count > 0)
        {
            return all.MinBy(o => o.Created)!;
        }

        var row = new OrganizationRow { Id = Guid.CreateVersion7(now), Name = request.Organization ?? "My organization", Created = now };
        db.Organizations.Add(row);
        return row;
    }

    private static async Task OwnerAsync(ControlDb db, SetupRequest request, OrganizationRow organization, string? passwordHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (request.Email is null && await db.Memberships.AnyAsync(m => m.OrganizationId == organization.Id && m.Role == Role.Owner, cancellationToken))
        {
            return;
        }

        var email = request.Email ?? "owner@localhost";
        var key = EmailAddress.Key(email);
        var account = await db.Accounts.Include(a => a.Memberships).SingleOrDefaultAsync(a => a.EmailKey == key, cancellationToken);
        if (account is null)
        {
            account = new AccountRow { Id = Guid.CreateVersion7(now), Email = email, EmailKey = key, SecurityStamp = Secrets.NewToken(), Created = now };
            db.Accounts.Add(account);
        }

        account.PasswordHash ??= passwordHash;
        if (!account.Memberships.Exists(m => m.OrganizationId == organization.Id))
        {
            account.Memberships.Add(new MembershipRow { AccountId = account.Id, OrganizationId = organization.Id, Role = Role.Owner });
        }
    }

    private static async Task<NewProject?> ProjectAsync(ControlDb db, SetupRequest request, OrganizationRow organization, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var projects = await db.Projects.Where(p => p.OrganizationId == organization.Id).ToListAsync(cancellationToken);
        var project = request.PublicKey is { } id ? projects.Find(p => p.Id == id)
            : request.Project is { } name ? projects.Find(p => string.Equals(p.Name, name, StringComparison.Ordinal))
            : projects.MinBy(p => p.Created);
        await RefuseTakenKeyAsync(db, request, project?.Id, cancellationToken);
        if (project is null)
        {
            return Projects.Add(
                db, organization.Id, request.Project ?? "My project", request.PublicKey ?? Secrets.NewKey(), request.PrivateKey ?? Secrets.NewKey(), now);
        }

        if (request.PrivateKey is { } secret)
        {
            var hash = KeyHash.Of(secret).ToArray();
            if (!await db.ApiKeys.AnyAsync(k => k.Hash == hash, cancellationToken))
            {
                db.ApiKeys.Add(ApiKeys.NewRow(project.Id, KeyKind.Private, "Private key from the configuration", secret, now));
            }
        }

        return null;
    }

    private static async Task RefuseTakenKeyAsync(ControlDb db, SetupRequest request, Guid? project, CancellationToken cancellationToken)
    {
        if (request.PrivateKey is { } secret && KeyHash.Of(secret).ToArray() is var hash &&
            await db.ApiKeys.AnyAsync(k => k.Hash == hash && k.ProjectId != project, cancellationToken))
        {
            throw new ControlStartException("The private key to set up belongs to another project already. Give each project a private key of its own.");
        }

        if (project is null && request.PublicKey is { } key && KeyHash.Of(key).ToArray() is var taken &&
            await db.ApiKeys.AnyAsync(k => k.Hash == taken, cancellationToken))
        {
            throw new ControlStartException("The public key to set up is a key of another project already. Give each project keys of its own.");
        }
    }
}
