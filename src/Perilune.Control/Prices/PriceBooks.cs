using System.Collections.Frozen;
using Microsoft.Data.Sqlite;
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
    public static IProjectPrices OfFile(string path)
    {
        var books = new PriceBooks();
        using var db = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            db.Open();
            books.Load(db);
        }
        catch (SqliteException)
        {
            // Damaged, or from before there were prices: whoever asks has other words for the first.
        }

        return books;
    }

    /// <summary>To be called within the write that changes prices: they are read again after it.</summary>
    internal void Invalidate() => _isStale = true;

    internal void Load(SqliteConnection db)
    {
        if (!_isStale)
        {
            return;
        }

        var rows = db.Query(
            """
            SELECT Id, ProjectId, Name, Provider, "Match", Pattern, "From", Input, Output, CacheRead, CacheWrite, CacheWrite1h, Reasoning, InputAudio, OutputAudio, Created, Changed
            FROM prices ORDER BY Id
            """,
            ReadRow);
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

    private static PriceRow ReadRow(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        ProjectId = row.GetGuid(1),
        Name = row.GetString(2),
        Provider = row.IsDBNull(3) ? null : row.GetString(3),
        Match = Enum.Parse<PriceMatch>(row.GetString(4)),
        Pattern = row.GetString(5),
        From = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        Input = row.GetDecimal(7),
        Output = row.GetDecimal(8),
        CacheRead = Rate(row, 9),
        CacheWrite = Rate(row, 10),
        CacheWrite1h = Rate(row, 11),
        Reasoning = Rate(row, 12),
        InputAudio = Rate(row, 13),
        OutputAudio = Rate(row, 14),
        Created = row.GetFieldValue<DateTimeOffset>(15),
        Changed = row.GetFieldValue<DateTimeOffset>(16),
    };

    private static decimal? Rate(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDecimal(column);

    // A book that stayed as it was keeps what it has found so far.
    private static PriceBook Book(PriceBook? before, List<ProjectPrice> own) => before?.Own.SequenceEqual(own) == true ? before : PriceBook.Default.With(own);
}
