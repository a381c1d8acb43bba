using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>Organizations and their projects.</summary>
public sealed class Projects
{
    /// <summary>A century: more is a slip of the finger.</summary>
    public const int MaxRetentionDays = 36_500;

    private readonly ControlStore _store;
    private readonly Roster _roster;
    private readonly TimeProvider _time;

    internal Projects(ControlStore store, Roster roster, TimeProvider time) => (_store, _roster, _time) = (store, roster, time);

    /// <summary>The organizations that the account is a member of, with their projects, both by name.</summary>
    public IReadOnlyList<Organization> OfAccount(Guid account) => _roster.OrganizationsOf(account);

    public Task<Project?> FindAsync(Guid project, CancellationToken cancellationToken) => _store.ReadAsync(db =>
        db.Projects.Where(p => p.Id == project).Select(p => Project.Of(p)).SingleOrDefaultAsync(cancellationToken));

    /// <summary>Adds a project with a public and a private key.</summary>
    /// <param name="account">An admin of the organization.</param>
    public Task<Outcome<NewProject>> CreateAsync(Guid account, Guid organization, string? name, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<NewProject>>(
        async db =>
        {
            if (!await IsAdminAsync(db, account, organization, cancellationToken))
            {
                return new Refusal("Only an organization's owners and admins can add projects to it.");
            }

            if (Names.Clean(name) is not { } clean)
            {
                return Names.Refuse("A project");
            }

            return Add(db, organization, clean, Secrets.NewKey(), Secrets.NewKey(), _time.GetUtcNow());
        },
        cancellationToken);

    public Task<Outcome<Project>> RenameAsync(Guid project, string? name, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<Project>>(
        async db =>
        {
            if (Names.Clean(name) is not { } clean)
            {
                return Names.Refuse("A project");
            }

            var row = await db.Projects.SingleAsync(p => p.Id == project, cancellationToken);
            row.Name = clean;
            return Project.Of(row);
        },
        cancellationToken);

    /// <summary>Removes the project with its keys, prompts and views; its runs are the store's to remove.</summary>
    /// <param name="name">The project's name, typed by somebody who means it.</param>
    /// <returns>The name of what is gone.</returns>
    public Task<Outcome<string>> DeleteAsync(Guid project, string? name, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<string>>(
        async db =>
        {
            var row = await db.Projects.SingleAsync(p => p.Id == project, cancellationToken);
            if (!string.Equals(name?.Trim(), row.Name, StringComparison.Ordinal))
            {
                return new Refusal($"Nothing was deleted: type the project's name, {row.Name}, to delete it.");
            }

            db.Projects.Remove(row);
            return row.Name;
        },
        cancellationToken);

    /// <summary>Sets for how long the project's runs are to be kept.</summary>
    /// <param name="days">1 to <see cref="MaxRetentionDays"/>; null for good.</param>
    public Task<Outcome<Project>> KeepAsync(Guid project, int? days, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<Project>>(
        async db =>
        {
            if (days is < 1 or > MaxRetentionDays)
            {
                return new Refusal($"Runs can be kept for 1 to {MaxRetentionDays:N0} days, or for good. Nothing was changed.");
            }

            var row = await db.Projects.SingleAsync(p => p.Id == project, cancellationToken);
            row.RetentionDays = days;
            return Project.Of(row);
        },
        cancellationToken);

    /// <summary>The projects that do not keep their runs for good.</summary>
    public IReadOnlyList<Project> Forgetful() => [.. _roster.Projects.Where(project => project.RetentionDays is not null)];

    /// <param name="account">An admin of the organization.</param>
    /// <returns>The new name.</returns>
    public Task<Outcome<string>> RenameOrganizationAsync(Guid account, Guid organization, string? name, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<string>>(
        async db =>
        {
            if (!await IsAdminAsync(db, account, organization, cancellationToken))
            {
                return new Refusal("Only an organization's owners and admins can rename it.");
            }

            if (Names.Clean(name) is not { } clean)
            {
                return Names.Refuse("An organization");
            }

            (await db.Organizations.SingleAsync(o => o.Id == organization, cancellationToken)).Name = clean;
            return clean;
        },
        cancellationToken);

    internal static NewProject Add(ControlDb db, Guid organization, string name, Guid publicKey, Guid privateKey, DateTimeOffset now)
    {
        var row = new ProjectRow { Id = publicKey, OrganizationId = organization, Name = name, Created = now };
        row.Keys.Add(ApiKeys.NewRow(publicKey, KeyKind.Public, ApiKeys.PublicName, publicKey, now));
        row.Keys.Add(ApiKeys.NewRow(publicKey, KeyKind.Private, ApiKeys.PrivateName, privateKey, now));
        db.Projects.Add(row);
        return new NewProject(Project.Of(row), publicKey, privateKey);
    }

    private static Task<bool> IsAdminAsync(ControlDb db, Guid account, Guid organization, CancellationToken cancellationToken) =>
        db.Memberships.AnyAsync(
            m => m.AccountId == account && m.OrganizationId == organization && (m.Role == Role.Admin || m.Role == Role.Owner), cancellationToken);
}

/// <param name="Role">The role of the account that asked.</param>
public sealed record Organization(Guid Id, string Name, Role Role, IReadOnlyList<Project> Projects);

/// <param name="Id">Also the public key.</param>
/// <param name="RetentionDays">For how many days runs are kept; null for good.</param>
public sealed record Project(Guid Id, string Name, Guid OrganizationId, DateTimeOffset Created, int? RetentionDays)
{
    internal static Project Of(ProjectRow row) => new(row.Id, row.Name, row.OrganizationId, row.Created, row.RetentionDays);
}

/// <param name="PrivateKey">To be shown now: only its hash is kept.</param>
public sealed record NewProject(Project Project, Guid PublicKey, Guid PrivateKey);
