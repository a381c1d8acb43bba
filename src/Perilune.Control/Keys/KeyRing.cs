using System.Collections.Frozen;
using Microsoft.Data.Sqlite;
using Perilune.Control.Data;

namespace Perilune.Control;

/// <summary>
/// Every key of every project, in memory: an immutable snapshot that is replaced whole after each change, so that
/// requests are authenticated without a lock and without the database.
/// </summary>
public sealed class KeyRing
{
    private volatile FrozenDictionary<KeyHash, Entry> _keys = FrozenDictionary<KeyHash, Entry>.Empty;

    /// <summary>What a client's key stands for.</summary>
    /// <param name="key">As it was sent; a UUID in its 36-character form, in either case.</param>
    public KeyLookup Find(ReadOnlySpan<char> key)
    {
        if (!Guid.TryParseExact(key, "D", out var id))
        {
            return new KeyLookup(KeyState.NotUuid, null);
        }

        return !_keys.TryGetValue(KeyHash.Of(id), out var entry) ? new KeyLookup(KeyState.Unknown, null)
            : entry.IsRevoked ? new KeyLookup(KeyState.Revoked, null)
            : new KeyLookup(KeyState.Valid, entry.Key);
    }

    internal void Load(SqliteConnection db) => _keys = db
        .Query("SELECT Id, ProjectId, Kind, Hash, Revoked FROM api_keys", row => (
            Hash: new KeyHash(row.GetFieldValue<byte[]>(3)),
            Entry: new Entry(new ProjectKey(row.GetGuid(1), Enum.Parse<KeyKind>(row.GetString(2)), row.GetGuid(0)), !row.IsDBNull(4))))
        .ToFrozenDictionary(key => key.Hash, key => key.Entry);

    private sealed record Entry(ProjectKey Key, bool IsRevoked);
}

public enum KeyState
{
    Valid,
    NotUuid,
    Unknown,
    Revoked,
}

/// <param name="Key">Set when <paramref name="State"/> is <see cref="KeyState.Valid"/>.</param>
public readonly record struct KeyLookup(KeyState State, ProjectKey? Key);

public sealed record ProjectKey(Guid ProjectId, KeyKind Kind, Guid KeyId);
