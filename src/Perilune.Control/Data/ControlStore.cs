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
    private readonly Lazy<DbContextOptions<ControlDb>> _options;
    private readonly KeyRing _keys;
    private readonly Roster _roster;
    private readonly PriceBooks _prices;
    private long _generation;
    private int _isWarm;

    public ControlStore(ControlSettings settings, KeyRing keys, Roster roster, PriceBooks prices)
    {
        _keys = keys;
        _roster = roster;
        _prices = prices;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = settings.DatabasePath, ForeignKeys = true, DefaultTimeout = 5 }.ToString();
        _options = new(() => new DbContextOptionsBuilder<ControlDb>().UseSqlite(_connectionString).Options);
    }

    /// <summary>Grows with every change. What was read after it was asked for is as new as it says, or newer.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Brings the database to this program's schema and loads what requests are authorized from.</summary>
    /// <exception cref="ControlStartException">The database was written by a newer program, or cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var file = new SqliteConnection(_connectionString);
        try
        {
            file.Open();
            await ControlSchema.EnsureAsync(file, Open, cancellationToken);
            file.Execute("PRAGMA journal_mode = WAL");
            Load(file);
        }
        catch (SqliteException e)
        {
            throw new ControlStartException($"{file.DataSource} cannot be used: {e.Message} Check that the data folder is writable and not full, or restore the file from a backup.", e);
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

    /// <summary>A read that does not wait for EF Core to get going.</summary>
    /// <exception cref="ControlUnavailableException">The disk does not let the database be read.</exception>
    public T ReadSql<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var file = OpenFile();
            return read(file);
        }
        catch (Exception e) when (ControlFailure.Reason(e) is { } reason)
        {
            throw new ControlUnavailableException($"Accounts and projects cannot be read: {reason}.", e);
        }
    }

    /// <exception cref="ControlUnavailableException">The disk is full, read-only or failing.</exception>
    public Task<T> WriteAsync<T>(Func<ControlDb, Task<T>> write, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            await using var db = Open();

            // Microsoft.Data.Sqlite begins transactions with BEGIN IMMEDIATE: the lock is taken before the first read.
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var result = await write(db);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result;
        },
        cancellationToken);

    /// <summary>A write that does not wait for EF Core to get going.</summary>
    /// <exception cref="ControlUnavailableException">The disk is full, read-only or failing.</exception>
    public Task<T> WriteSqlAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellationToken) => ChangeAsync(
        () =>
        {
            using var file = OpenFile();
            using var transaction = file.BeginTransaction();
            var result = write(file);
            transaction.Commit();
            return Task.FromResult(result);
        },
        cancellationToken);

    /// <summary>Gets EF Core going beside what else happens, once, so that somebody who signs in does not wait for it.</summary>
    public void WarmUp()
    {
        if (Interlocked.Exchange(ref _isWarm, 1) == 0)
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    await ReadAsync(db => db.Accounts.AnyAsync());
                }
                catch (Exception e) when (e is ControlUnavailableException or SqliteException)
                {
                    // Whoever signs in is told.
                }
            });
        }
    }

    public void Dispose()
    {
        _gate.Dispose();

        // Closing the last connection folds the write-ahead log into the file.
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var result = await change();

            // Not cancellable: a revoked key must not go on working because its revoker hung up.
            using var file = OpenFile();
            Load(file);
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

    private void Load(SqliteConnection file)
    {
        _keys.Load(file);
        _roster.Load(file);
        _prices.Load(file);
    }

    private ControlDb Open() => new(_options.Value);

    private SqliteConnection OpenFile()
    {
        var file = new SqliteConnection(_connectionString);
        file.Open();
        return file;
    }
}
