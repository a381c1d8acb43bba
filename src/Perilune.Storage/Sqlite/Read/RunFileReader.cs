using System.Collections.Concurrent;
using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Search;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>Answers single questions from one run file on a connection of its own: by id, trace, thread, user.</summary>
internal sealed class RunFileReader(Database db, ConcurrentDictionary<long, string> terms, SearchFile index) : IDisposable
{
    private SearchReader? _search;

    public Database Db => db;

    /// <summary>Runs that began before this are not shown.</summary>
    public Instant Since { get; set; } = Instant.MinValue;

    /// <summary>Whoever asks has gone: loops end, statements are interrupted from elsewhere.</summary>
    public CancellationToken Cancelled { get; set; }

    public RunRows Rows { get; } = new(db, terms);

    /// <summary>The index of words; null while there is none.</summary>
    public SearchReader? Search()
    {
        var generation = index.Generation;
        if (_search is not null && _search.Generation != generation)
        {
            DropSearch();
        }

        return _search ??= index.OpenReader(db) is { } opened ? new SearchReader(opened, generation) : null;
    }

    public bool HasSearch => _search is not null;

    /// <summary>Closes the index, and has it made anew if it was found damaged.</summary>
    public void DropSearch(SqliteException? found = null)
    {
        _search?.Dispose();
        _search = null;
        if (found is { IsDamage: true } && found.Path == index.Path)
        {
            index.Suspect();
        }
    }

    public Run? Find(RunId id) => Any(id) is { } run && run.ListedAt >= Since ? run : null;

    private Run? Any(RunId id) =>
        Row(id) is { } row ? Rows.ToRun(row, RunDetail.Full, Rows.NewBodies())
        : Rows.ChatOf(id) is { } chat && Row(chat) is { } chatRow ? Rows.ToRun(chatRow, RunDetail.Full, Rows.NewBodies())
        : null;

    public IReadOnlyList<Run> Subtree(RunId id, RunDetail detail)
    {
        if (Any(id) is not { } top)
        {
            return [];
        }

        var wanted = top.ThreadId is { } thread && (top.Id == thread || top.TraceId == top.Id && RunTypes.IsConversation(top.Type))
            ? Rows("r.thread = ?1", thread)
            : Rows("r.trace = ?1", top.TraceId);
        return Below(RunProjection.Cut(top, detail), wanted);

        IEnumerable<Run> Rows(string where, RunId value)
        {
            var bodies = this.Rows.NewBodies();
            return Query(where, value).Select(row => this.Rows.ToRun(row, detail, bodies));
        }
    }

    /// <summary>Of these users, those that are known, each with what was said of its props.</summary>
    public IEnumerable<(string Id, Instant First, Instant Last, JsonPatches Props)> Users(IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids)
        {
            if (Terms.Lookup(db, id) is not { } term)
            {
                continue;
            }

            var row = db.Prepare("SELECT first, last, props FROM user WHERE term = ?1").Bind(1, term);
            if (row.Step())
            {
                yield return (id, new Instant(row.Int64(0)), new Instant(row.Int64(1)), PropsCodec.Read(row.Blob(2)));
            }

            row.Reset();
        }
    }

    /// <summary>Asks what needs several statements that must agree with each other.</summary>
    public void AtOneMoment(Action<RunFileReader> question)
    {
        db.Execute("BEGIN");
        try
        {
            question(this);
        }
        finally
        {
            db.EndRead();
        }
    }

    /// <summary>Every user that is known here, each with what was said of its props.</summary>
    public IEnumerable<(string Id, Instant First, Instant Last, JsonPatches Props)> Users()
    {
        using var row = db.PrepareOnce("SELECT term, first, last, props FROM user");
        while (row.Step())
        {
            yield return (Rows.Term(row.Int64(0)), new Instant(row.Int64(1)), new Instant(row.Int64(2)), PropsCodec.Read(row.Blob(3)));
        }
    }

    /// <summary>The least and the greatest start of its runs; null when it has none.</summary>
    public (Instant First, Instant Last)? Starts()
    {
        var row = db.Prepare("SELECT (SELECT min(start) FROM run INDEXED BY run_start), (SELECT max(start) FROM run INDEXED BY run_start)");
        var starts = row.Step() && !row.IsNull(0) ? (new Instant(row.Int64(0)), new Instant(row.Int64(1))) : ((Instant, Instant)?)null;
        row.Reset();
        return starts;
    }

    public void Dispose()
    {
        DropSearch();
        db.Dispose();
    }

    private RunRow? Row(RunId id) => Query("r.id = ?1", id) is [var row] ? row : null;

    private List<RunRow> Query(string where, RunId value)
    {
        var rows = new List<RunRow>();
        var row = db.Prepare($"SELECT {RunRows.Columns} FROM run r WHERE {where}").Bind(1, value);
        try
        {
            while (row.Step())
            {
                rows.Add(RunRows.Read(row));
            }
        }
        finally
        {
            row.Reset();
        }

        return rows;
    }

    private List<Run> Below(Run top, IEnumerable<Run> runs)
    {
        var children = runs.Where(r => r.ParentId is not null && r.Id != top.Id).ToLookup(r => r.ParentId!.Value);
        var found = new List<Run> { top };
        var seen = new HashSet<RunId> { top.Id };
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i].Id].Where(child => seen.Add(child.Id)));
        }

        return [.. found.Where(r => r.ListedAt >= Since).OrderBy(r => r.ListedAt).ThenBy(r => r.Id)];
    }
}
