using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
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

    /// <summary>The account's role in the project's organization; null when the project is none of the account's.</summary>
    public Role? RoleIn(Guid account, Guid project)
    {
        var now = _now;
        return now.Projects.TryGetValue(project, out var known)
            ? now.Organizations.GetValueOrDefault(account, []).FirstOrDefault(organization => organization.Id == known.OrganizationId)?.Role
            : null;
    }

    public async Task LoadAsync(ControlDb db, CancellationToken cancellationToken)
    {
        var accounts = await db.Accounts.AsNoTracking().ToListAsync(cancellationToken);
        var projects = (await db.Projects.AsNoTracking().ToListAsync(cancellationToken)).ConvertAll(Project.Of);
        var memberships = await db.Memberships.AsNoTracking().Include(m => m.Organization).ToListAsync(cancellationToken);
        var byOrganization = projects.OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToLookup(p => p.OrganizationId);
        _now = new Snapshot(
            accounts.ToFrozenDictionary(a => a.Id, Account.Of),
            projects.ToFrozenDictionary(p => p.Id),
            memberships.GroupBy(m => m.AccountId).ToFrozenDictionary(of => of.Key, of => (IReadOnlyList<Organization>)
            [
                .. of.Select(m => new Organization(m.OrganizationId, m.Organization.Name, m.Role, [.. byOrganization[m.OrganizationId]]))
                    .OrderBy(o => o.Name, StringComparer.OrdinalIgnoreCase),
            ]));
    }

    private sealed record Snapshot(
        FrozenDictionary<Guid, Account> Accounts,
        FrozenDictionary<Guid, Project> Projects,
        FrozenDictionary<Guid, IReadOnlyList<Organization>> Organizations);
}
