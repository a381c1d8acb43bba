using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>The keys that applications of a project send.</summary>
public sealed class ApiKeys
{
    /// <summary>What the keys that a project begins with are called.</summary>
    internal const string PublicName = "Public key";

    internal const string PrivateName = "Private key";

    private const int MaxPerProject = 100;

    private readonly ControlStore _store;
    private readonly TimeProvider _time;

    internal ApiKeys(ControlStore store, TimeProvider time) => (_store, _time) = (store, time);

    /// <summary>The project's keys, revoked ones too, public ones first, then in the order they were made.</summary>
    public Task<IReadOnlyList<ApiKey>> ListAsync(Guid project, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<ApiKey>>(async db =>
    {
        var rows = await db.ApiKeys.Where(k => k.ProjectId == project).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(k => k.Kind).ThenBy(k => k.Created).ThenBy(k => k.Id).Select(ToKey)];
    });

    /// <summary>Adds a private key, or makes the revoked public key valid again: there is one public key, the project's id.</summary>
    public Task<Outcome<NewKey>> CreateAsync(Guid project, KeyKind kind, string? name, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<NewKey>>(
        async db =>
        {
            if (Names.Clean(name) is not { } clean)
            {
                return Names.Refuse("A key");
            }

            var rows = await db.ApiKeys.Where(k => k.ProjectId == project).ToListAsync(cancellationToken);
            if (kind == KeyKind.Public && rows.Find(k => k.Kind == KeyKind.Public) is { } existing)
            {
                if (existing.Revoked is null)
                {
                    return new Refusal("The project has its public key already: it is the project's id.");
                }

                (existing.Revoked, existing.Name) = (null, clean);
                return new NewKey(ToKey(existing), project);
            }

            if (rows.Count >= MaxPerProject)
            {
                return new Refusal($"A project can have {MaxPerProject} keys, revoked ones included. Use one of its keys again, or a project of its own for each application.");
            }

            var secret = kind == KeyKind.Public ? project : Secrets.NewKey();
            var row = NewRow(project, kind, clean, secret, _time.GetUtcNow());
            db.ApiKeys.Add(row);
            return new NewKey(ToKey(row), secret);
        },
        cancellationToken);

    /// <summary>Ends a key: requests that begin after this returns are refused.</summary>
    public Task<Outcome<ApiKey>> RevokeAsync(Guid project, Guid key, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<ApiKey>>(
        async db =>
        {
            var row = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == key && k.ProjectId == project, cancellationToken);
            if (row is null)
            {
                return new Refusal("The project has no such key.");
            }

            row.Revoked ??= _time.GetUtcNow();
            return ToKey(row);
        },
        cancellationToken);

    internal static ApiKeyRow NewRow(Guid project, KeyKind kind, string name, Guid secret, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ProjectId = project,
        Kind = kind,
        Name = name,
        Hash = KeyHash.Of(secret).ToArray(),
        Created = now,
    };

    private static ApiKey ToKey(ApiKeyRow row) => new(row.Id, row.Kind, row.Name, row.Created, row.Revoked);
}

/// <param name="Id">Names the key in the dashboard; it is not the key.</param>
public sealed record ApiKey(Guid Id, KeyKind Kind, string Name, DateTimeOffset Created, DateTimeOffset? Revoked);

/// <param name="Secret">What applications send. To be shown now: only its hash is kept.</param>
public sealed record NewKey(ApiKey Key, Guid Secret);
