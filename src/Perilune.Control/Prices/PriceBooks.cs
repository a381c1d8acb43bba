using System.Collections.Frozen;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;
using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Control;

/// <summary>
/// The prices of every project, in memory: immutable, and replaced whole after a change, so that what is stored is priced
/// without the database.
/// </summary>
public sealed class PriceBooks : IProjectPrices
{
    private volatile FrozenDictionary<Guid, PriceBook> _books = FrozenDictionary<Guid, PriceBook>.Empty;
    private volatile bool _isStale = true;

    public PriceBook For(Guid project) => _books.TryGetValue(project, out var book) ? book : PriceBook.Default;

    /// <summary>The prices in a control database that no server is using; none where it is older than prices are.</summary>
    public static async Task<IProjectPrices> OfFileAsync(string path, CancellationToken cancellationToken)
    {
        var books = new PriceBooks();
        var connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        await using var db = new ControlDb(new DbContextOptionsBuilder<ControlDb>().UseSqlite(connection).Options);
        try
        {
            await books.LoadAsync(db, cancellationToken);
        }
        catch (SqliteException)
        {
            // Damaged, or from before there were prices: whoever asks has other words for the first.
        }

        return books;
    }

    /// <summary>To be called within the write that changes prices: they are read again after it.</summary>
    internal void Invalidate() => _isStale = true;

    internal async Task LoadAsync(ControlDb db, CancellationToken cancellationToken)
    {
        if (!_isStale)
        {
            return;
        }

        var rows = await db.Prices.AsNoTracking().OrderBy(p => p.Id).ToListAsync(cancellationToken);
        var before = _books;
        _books = rows.GroupBy(row => row.ProjectId).ToFrozenDictionary(
            project => project.Key,
            project => Book(before.GetValueOrDefault(project.Key), [.. project.Select(ToPrice)]));
        _isStale = false;
    }

    internal static ProjectPrice ToPrice(PriceRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Provider = row.Provider,
        Match = row.Match,
        Pattern = row.Pattern,
        From = row.From is { } from ? Instant.From(from) : null,
        Rates = new ProjectRates(row.Input, row.Output)
        {
            CacheRead = row.CacheRead,
            CacheWrite = row.CacheWrite,
            CacheWrite1h = row.CacheWrite1h,
            Reasoning = row.Reasoning,
            InputAudio = row.InputAudio,
            OutputAudio = row.OutputAudio,
        },
        Created = Instant.From(row.Created),
        Changed = Instant.From(row.Changed),
    };

    // A book that stayed as it was keeps what it has found so far.
    private static PriceBook Book(PriceBook? before, List<ProjectPrice> own) => before?.Own.SequenceEqual(own) == true ? before : PriceBook.Default.With(own);
}
