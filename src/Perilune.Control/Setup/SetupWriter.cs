using Microsoft.Data.Sqlite;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>Adds what a start asks for and is not there.</summary>
internal sealed class SetupWriter(SqliteConnection db, SetupRequest request, DateTimeOffset now)
{
    /// <returns>The project, when there was none.</returns>
    /// <exception cref="ControlStartException">The request contradicts what is there.</exception>
    public NewProject? Apply(string? passwordHash)
    {
        var organization = Organization();
        AddOwner(organization, passwordHash);
        return AddProject(organization);
    }

    private Guid Organization()
    {
        // A project that is there already decides: renaming its organization must not make a second one.
        if (db.Query("SELECT OrganizationId FROM projects WHERE Id = @1", row => row.GetGuid(0), request.PublicKey) is [var known])
        {
            return known;
        }

        var all = db.Query("SELECT Id, Name, Created FROM organizations", row => (Id: row.GetGuid(0), Name: row.GetString(1), Created: row.GetFieldValue<DateTimeOffset>(2)));
        var found = request.Organization is null ? all : all.FindAll(o => string.Equals(o.Name, request.Organization, StringComparison.Ordinal));
        if (found.Count > 0)
        {
            return found.MinBy(o => o.Created).Id;
        }

        var id = Guid.CreateVersion7(now);
        db.Execute("INSERT INTO organizations(Id, Name, Created) VALUES(@1, @2, @3)", id, request.Organization ?? "My organization", now);
        return id;
    }

    private void AddOwner(Guid organization, string? passwordHash)
    {
        if (request.Email is null && db.Any("SELECT 1 FROM memberships WHERE OrganizationId = @1 AND Role = @2", organization, nameof(Role.Owner)))
        {
            return;
        }

        var email = request.Email ?? "owner@localhost";
        if (db.Query("SELECT Id FROM accounts WHERE EmailKey = @1", row => row.GetGuid(0), EmailAddress.Key(email)) is not [var account])
        {
            account = Guid.CreateVersion7(now);
            db.Execute(
                "INSERT INTO accounts(Id, Email, EmailKey, SecurityStamp, Created) VALUES(@1, @2, @3, @4, @5)",
                account, email, EmailAddress.Key(email), Secrets.NewToken(), now);
        }

        db.Execute("UPDATE accounts SET PasswordHash = coalesce(PasswordHash, @2) WHERE Id = @1", account, passwordHash);
        db.Execute("INSERT OR IGNORE INTO memberships(AccountId, OrganizationId, Role) VALUES(@1, @2, @3)", account, organization, nameof(Role.Owner));
    }

    private NewProject? AddProject(Guid organization)
    {
        var projects = db.Query(
            "SELECT Id, Name, Created FROM projects WHERE OrganizationId = @1",
            row => (Id: row.GetGuid(0), Name: row.GetString(1), Created: row.GetFieldValue<DateTimeOffset>(2)),
            organization);
        var found = request.PublicKey is { } key ? projects.FindAll(p => p.Id == key)
            : request.Project is { } name ? projects.FindAll(p => string.Equals(p.Name, name, StringComparison.Ordinal))
            : projects;
        var project = found.Count == 0 ? (Guid?)null : found.MinBy(p => p.Created).Id;
        RefuseTakenKey(project);
        if (project is { } known)
        {
            if (request.PrivateKey is { } added && !db.Any("SELECT 1 FROM api_keys WHERE Hash = @1", KeyHash.Of(added).ToArray()))
            {
                AddKey(known, KeyKind.Private, "Private key from the configuration", added);
            }

            return null;
        }

        var (id, secret) = (request.PublicKey ?? Secrets.NewKey(), request.PrivateKey ?? Secrets.NewKey());
        var made = new Project(id, request.Project ?? "My project", organization, now, RetentionDays: null);
        db.Execute("INSERT INTO projects(Id, OrganizationId, Name, Created) VALUES(@1, @2, @3, @4)", id, organization, made.Name, now);
        AddKey(id, KeyKind.Public, ApiKeys.PublicName, id);
        AddKey(id, KeyKind.Private, ApiKeys.PrivateName, secret);
        return new NewProject(made, id, secret);
    }

    private void AddKey(Guid project, KeyKind kind, string name, Guid secret) => db.Execute(
        "INSERT INTO api_keys(Id, ProjectId, Kind, Name, Hash, Created) VALUES(@1, @2, @3, @4, @5, @6)",
        Guid.CreateVersion7(now), project, kind.ToString(), name, KeyHash.Of(secret).ToArray(), now);

    private void RefuseTakenKey(Guid? project)
    {
        if (request.PrivateKey is { } secret && db.Any("SELECT 1 FROM api_keys WHERE Hash = @1 AND ProjectId IS NOT @2", KeyHash.Of(secret).ToArray(), project))
        {
            throw new ControlStartException("The private key to set up belongs to another project already. Give each project a private key of its own.");
        }

        if (project is null && request.PublicKey is { } key && db.Any("SELECT 1 FROM api_keys WHERE Hash = @1", KeyHash.Of(key).ToArray()))
        {
            throw new ControlStartException("The public key to set up is a key of another project already. Give each project keys of its own.");
        }
    }
}
