using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Perilune.Control.Data;

/// <summary>
/// The control database: reads run side by side, writes one at a time, and what requests are authorized from is read
/// again into memory before a write returns.
/// </summary>
internal sealed class ControlStore : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _connectionString;
    private readonly DbContextOptions<ControlDb> _options;
    private readonly KeyRing _keys;
    private readonly Roster _roster;
    private readonly PriceBooks _prices;
    private long _generation;

    public ControlStore(ControlSettings settings, KeyRing keys, Roster roster, PriceBooks prices)
    {
        _keys = keys;
        _roster = roster;
        _prices = prices;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = settings.DatabasePath, ForeignKeys = true, DefaultTimeout = 5 }.ToString();
        _options = new DbContextOptionsBuilder<ControlDb>().UseSqlite(_connectionString).Options;
    }

    /// <summary>Grows with every change. What was read after it was asked for is as new as it says, or newer.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Brings the database to this program's schema and loads what requests are authorized from.</summary>
    /// <exception cref="ControlStartException">The database was written by a newer program, or cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = Open();
        try
        {
            await MigrateAsync(db, cancellationToken);
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
            await ReloadAsync(db, cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new ControlStartException($"{db.Database.GetDbConnection().DataSource} cannot be used: {e.Message} Check that the data folder is writable and not full, or restore the file from a backup.", e);
        }
    }

    /// <exception cref="ControlUnavailableException">The disk does not let the database be read.</exception>
    public async Task<T> ReadAsync<T>(Func<ControlDb, Task<T>> read)
    {
        await using var db = Open();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        try
        {
            return await read(db);
        }
        catch (Exception e) when (ControlFailure.Reason(e) is { } reason)
        {
            throw new ControlUnavailableException($"Accounts and projects cannot be read: {reason}.", e);
        }
    }

    /// <exception cref="ControlUnavailableException">The disk is full, read-only or failing.</exception>
    public async Task<T> WriteAsync<T>(Func<ControlDb, Task<T>> write, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await using var db = Open();

            // Microsoft.Data.Sqlite begins transactions with BEGIN IMMEDIATE: the lock is taken before the first read.
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var result = await write(db);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);

            // Not cancellable: a revoked key must not go on working because its revoker hung up.
            await ReloadAsync(db, CancellationToken.None);
            Interlocked.Increment(ref _generation);
            return result;
        }
        catch (Exception e) when (ControlFailure.Reason(e) is { } reason)
        {
            throw new ControlUnavailableException($"Nothing was changed: {reason}.", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();

        // Closing the last connection folds the write-ahead log into the file.
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static async Task MigrateAsync(ControlDb db, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Find(m => !known.Contains(m, StringComparer.Ordinal)) is { } newer)
        {
            throw new ControlStartException(
                $"{db.Database.GetDbConnection().DataSource} was written by a newer Perilune (it has the schema change {newer}). Start that version, or restore a backup made before the upgrade.");
        }

        if (applied.Count == known.Count)
        {
            return;
        }

        // A process that was killed while it migrated leaves its lock behind, and EF Core would wait for it forever. The
        // data folder is ours alone, so whatever lock is there is such a one.
        await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    private async Task ReloadAsync(ControlDb db, CancellationToken cancellationToken)
    {
        await _keys.LoadAsync(db, cancellationToken);
        await _roster.LoadAsync(db, cancellationToken);
        await _prices.LoadAsync(db, cancellationToken);
    }

    private ControlDb Open() => new(_options);
}
