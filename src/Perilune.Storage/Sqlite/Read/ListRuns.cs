using System.Diagnostics;
using System.Globalization;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Search;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>What one file adds to a page of runs, in the asked order.</summary>
/// <param name="ReachedTo">Set when the budget of time ran out: what stands behind this was not looked at.</param>
internal sealed record ListedRuns(IReadOnlyList<(Run Run, RunPosition At)> Found, (RunPosition At, Instant Start)? ReachedTo);

/// <summary>
/// A page of runs of one file. What SQL cannot decide is tested row by row, newest first, in short reads (a long one would keep the
/// log from being reset) and within a budget of time; the answer then says how far it got.
/// </summary>
internal static class ListRuns
{
    private const int RowsPerRead = 500;

    /// <param name="file">The file.</param>
    /// <param name="query">Its offset and limit are ignored in favour of <paramref name="wanted"/>.</param>
    /// <param name="wanted">How many runs, at most.</param>
    /// <param name="unread">Of these, how many at the beginning are only skipped over: nothing of their payloads is read.</param>
    /// <param name="budget">Time for testing rows.</param>
    public static ListedRuns Read(RunFileReader file, RunQuery query, int wanted, int unread, TimeSpan budget)
    {
        var selection = RunSelection.Of(file, query.Scope, query.Filter);
        return selection.IsEmpty
            ? new ListedRuns([], null)
            : TextQuestion.Ask(file, selection.Residual, text => Read(file, query, wanted, unread, budget, selection, text));
    }

    private static ListedRuns Read(RunFileReader file, RunQuery query, int wanted, int unread, TimeSpan budget, RunSelection selection, TextQuestion? text)
    {
        selection.Within(text?.Runs);
        var rowsPerRead = Math.Max(RowsPerRead, text?.Runs?.Count + 1 ?? 0);
        var clock = Stopwatch.StartNew();
        var (bodies, tested) = (file.Rows.NewBodies(), selection.NeedsPayloads ? RunDetail.Full : RunDetail.None);
        var after = query.After is { } cursor && RunPosition.TryParseCursor(cursor, out var parsed) ? parsed : (RunPosition?)null;
        var found = new List<(Run Run, RunPosition At)>();
        while (true)
        {
            var asked = selection.Residual is null ? wanted - found.Count : rowsPerRead;
            var rows = ReadRows(file.Db, selection, query, after, asked);
            foreach (var (row, at) in rows)
            {
                after = at;
                file.Cancelled.ThrowIfCancellationRequested();
                if (selection.Residual is { } residual &&
                    !FilterMatcher.Matches(residual, file.Rows.ToRun(row, tested, selection.NeedsPayloads ? file.Rows.NewBodies() : bodies), words => text!.Says(row, words)))
                {
                    continue;
                }

                found.Add((file.Rows.ToRun(row, found.Count < unread ? RunDetail.None : query.Detail, bodies), at));
                if (found.Count == wanted)
                {
                    return new ListedRuns(found, null);
                }
            }

            if (rows.Count < asked)
            {
                return new ListedRuns(found, null);
            }

            if (clock.Elapsed > budget)
            {
                return new ListedRuns(found, (rows[^1].At, new Instant(rows[^1].Row.Start)));
            }
        }
    }

    private static List<(RunRow Row, RunPosition At)> ReadRows(Database db, RunSelection selection, RunQuery query, RunPosition? after, int limit)
    {
        var sort = query.Sort switch
        {
            RunSort.Start => selection.StartColumn,
            RunSort.Duration => "coalesce(r.duration, -1)",
            RunSort.Tokens => "coalesce(r.tokens, -1)",
            _ => "coalesce(r.cost, -1)",
        };
        var direction = query.Ascending ? "ASC" : "DESC";
        var statement = db.PrepareOnce(string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {RunRows.Columns}, {sort} {selection.From(query.Sort == RunSort.Start, Position(selection, query, sort, after))} ORDER BY {sort} {direction}, r.id {direction} LIMIT {limit}"));
        using (statement)
        {
            Bind(statement, selection.Parameters);
            if (after is { } position)
            {
                statement.Bind(selection.Parameters.Count + 1, position.Value).Bind(selection.Parameters.Count + 2, position.Id);
            }

            var rows = new List<(RunRow, RunPosition)>(Math.Min(limit, RowsPerRead));
            while (statement.Step())
            {
                var row = RunRows.Read(statement);
                rows.Add((row, new RunPosition(statement.Int64(RunRows.ColumnCount), row.Id)));
            }

            return rows;
        }
    }

    private static IEnumerable<string> Position(RunSelection selection, RunQuery query, string sort, RunPosition? after)
    {
        if (after is null)
        {
            return [];
        }

        var sign = query.Ascending ? '>' : '<';
        var at = selection.Parameters.Count + 1;
        return [string.Create(CultureInfo.InvariantCulture, $"({sort}, r.id) {sign} (?{at}, ?{at + 1}) AND {sort} {sign}= ?{at}")];
    }

    internal static void Bind(Statement statement, List<object> parameters)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            _ = parameters[i] switch
            {
                RunId id => statement.Bind(i + 1, id),
                long number => statement.Bind(i + 1, number),
                double number => statement.Bind(i + 1, number),
                var other => throw new InvalidOperationException($"A parameter of type {other.GetType()} cannot be bound."),
            };
        }
    }
}
