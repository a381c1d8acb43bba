using System.Collections.Frozen;
using Microsoft.Data.Sqlite;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>
/// Who belongs where, in memory: what cookies and memberships are checked against and every page names, replaced whole
/// after each change.
/// </summary>
internal sealed class Roster
{
    private volatile Snapshot _now = new(FrozenDictionary<Guid, Account>.Empty, FrozenDictionary<Guid, Project>.Empty, FrozenDictionary<Guid, IReadOnlyList<Organization>>.Empty);

    public Account? Find(Guid account) => _now.Accounts.GetValueOrDefault(account);

    /// <summary>The organizations that the account is a member of, with their projects, both by name.</summary>
    public IReadOnlyList<Organization> OrganizationsOf(Guid account) => _now.Organizations.GetValueOrDefault(account, []);

    /// <summary>Whether a session that began with <paramref name="stamp"/> still stands.</summary>
    public bool IsCurrent(Guid account, string stamp) => string.Equals(Find(account)?.SecurityStamp, stamp, StringComparison.Ordinal);

    /// <summary>Every project that there is.</summary>
    public IReadOnlyCollection<Project> Projects => _now.Projects.Values;

    /// <summary>The account's role in the project's organization; null when the project is none of the account's.</summary>
    public Role? RoleIn(Guid account, Guid project)
    {
        var now = _now;
        return now.Projects.TryGetValue(project, out var known)
            ? now.Organizations.GetValueOrDefault(account, []).FirstOrDefault(organization => organization.Id == known.OrganizationId)?.Role
            : null;
    }

    public void Load(SqliteConnection db)
    {
        var accounts = db.Query("SELECT Id, Email, PasswordHash IS NOT NULL, SecurityStamp FROM accounts", row =>
            new Account(row.GetGuid(0), row.GetString(1), row.GetBoolean(2)) { SecurityStamp = row.GetString(3) });
        var projects = db.Query("SELECT Id, Name, OrganizationId, Created, RetentionDays FROM projects", row =>
            new Project(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : row.GetInt32(4)));
        var byOrganization = projects.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToLookup(p => p.OrganizationId);
        var memberships = db.Query("SELECT m.AccountId, o.Id, o.Name, m.Role FROM memberships m JOIN organizations o ON o.Id = m.OrganizationId", row => (
            Account: row.GetGuid(0),
            Organization: new Organization(row.GetGuid(1), row.GetString(2), Enum.Parse<Role>(row.GetString(3)), [.. byOrganization[row.GetGuid(1)]])));
        _now = new Snapshot(
            accounts.ToFrozenDictionary(a => a.Id),
            projects.ToFrozenDictionary(p => p.Id),
            memberships.GroupBy(m => m.Account, m => m.Organization).ToFrozenDictionary(
                of => of.Key, of => (IReadOnlyList<Organization>)[.. of.OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase)]));
    }

    private sealed record Snapshot(
        FrozenDictionary<Guid, Account> Accounts,
        FrozenDictionary<Guid, Project> Projects,
        FrozenDictionary<Guid, IReadOnlyList<Organization>> Organizations);
}
