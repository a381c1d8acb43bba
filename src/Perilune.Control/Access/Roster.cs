using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>Who belongs where, in memory: what cookies and memberships are checked against, replaced whole after each change.</summary>
internal sealed class Roster
{
    private volatile Snapshot _now = new(FrozenDictionary<Guid, string>.Empty, FrozenDictionary<Guid, Guid>.Empty, FrozenDictionary<(Guid, Guid), Role>.Empty);

    /// <summary>Whether a session that began with <paramref name="stamp"/> still stands.</summary>
    public bool IsCurrent(Guid account, string stamp) =>
        _now.Stamps.TryGetValue(account, out var current) && string.Equals(current, stamp, StringComparison.Ordinal);

    /// <summary>The account's role in the project's organization; null when the project is none of the account's.</summary>
    public Role? RoleIn(Guid account, Guid project)
    {
        var now = _now;
        return now.Organizations.TryGetValue(project, out var organization) && now.Roles.TryGetValue((account, organization), out var role) ? role : null;
    }

    public async Task LoadAsync(ControlDb db, CancellationToken cancellationToken)
    {
        var accounts = await db.Accounts.AsNoTracking().Select(a => new { a.Id, a.SecurityStamp }).ToListAsync(cancellationToken);
        var projects = await db.Projects.AsNoTracking().Select(p => new { p.Id, p.OrganizationId }).ToListAsync(cancellationToken);
        var memberships = await db.Memberships.AsNoTracking().Select(m => new { m.AccountId, m.OrganizationId, m.Role }).ToListAsync(cancellationToken);
        _now = new Snapshot(
            accounts.ToFrozenDictionary(a => a.Id, a => a.SecurityStamp),
            projects.ToFrozenDictionary(p => p.Id, p => p.OrganizationId),
            memberships.ToFrozenDictionary(m => (m.AccountId, m.OrganizationId), m => m.Role));
    }

    private sealed record Snapshot(
        FrozenDictionary<Guid, string> Stamps,
        FrozenDictionary<Guid, Guid> Organizations,
        FrozenDictionary<(Guid Account, Guid Organization), Role> Roles);
}
