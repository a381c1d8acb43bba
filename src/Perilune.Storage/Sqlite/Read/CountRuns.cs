using System.Diagnostics;
using System.Globalization;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Search;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>How many runs match: from the tally when nothing is filtered, else by counting index entries, else row by row.</summary>
internal static class CountRuns
{
    public static long? Read(RunFileReader file, RunScope scope, Filter filter, TimeSpan budget)
    {
        var selection = RunSelection.Of(file, scope, filter);
        if (selection.IsEmpty)
        {
            return 0;
        }

        if (selection.IsUnfiltered)
        {
            return Tally(file, scope);
        }

        return selection.Residual is { } residual
            ? TextQuestion.Ask(file, residual, text => Test(file, selection, residual, text, budget))
            : Count(file, selection, budget);
    }

    private static long Tally(RunFileReader file, RunScope scope) => scope switch
    {
        RunScope.All => file.Db.ScalarInt64("SELECT coalesce(sum(runs), 0) FROM tally"),
        RunScope.Traces => file.Db.ScalarInt64("SELECT coalesce(sum(roots), 0) FROM tally"),
        RunScope.Llm => OfType(file, RunTypes.Llm) - Repeats(file, RunTypes.Llm),
        _ => OfType(file, RunTypes.Thread),
    };

    private static long OfType(RunFileReader file, string type) => Terms.Lookup(file.Db, type) is { } term
        ? file.Db.ScalarInt64(string.Create(CultureInfo.InvariantCulture, $"SELECT coalesce(sum(runs), 0) FROM tally WHERE type = {term}"))
        : 0;

    private static long Repeats(RunFileReader file, string type) => Terms.Lookup(file.Db, type) is { } term
        ? file.Db.ScalarInt64(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM run INDEXED BY run_repeat WHERE type = {term} AND is_repeat = 1"))
        : 0;

    private static long? Count(RunFileReader file, RunSelection selection, TimeSpan budget)
    {
        using var statement = file.Db.PrepareOnce("SELECT count(*) " + selection.From(ordered: false));
        ListRuns.Bind(statement, selection.Parameters);
        using var deadline = new Deadline(file.Db, budget);
        try
        {
            statement.Step();
            return statement.Int64(0);
        }
        catch (SqliteException e) when (e.PrimaryCode == SQLitePCL.raw.SQLITE_INTERRUPT && deadline.HasPassed && !file.Cancelled.IsCancellationRequested)
        {
            return null;
        }
    }

    private static long? Test(RunFileReader file, RunSelection selection, Filter residual, TextQuestion? text, TimeSpan budget)
    {
        selection.Within(text?.Runs);
        using var statement = file.Db.PrepareOnce($"SELECT {RunRows.Columns} {selection.From(ordered: false)}");
        ListRuns.Bind(statement, selection.Parameters);
        var clock = Stopwatch.StartNew();
        var detail = selection.NeedsPayloads ? RunDetail.Full : RunDetail.None;
        var count = 0L;
        while (statement.Step())
        {
            file.Cancelled.ThrowIfCancellationRequested();
            if (budget != Timeout.InfiniteTimeSpan && clock.Elapsed > budget)
            {
                return null;
            }

            var row = RunRows.Read(statement);
            count += FilterMatcher.Matches(residual, file.Rows.ToRun(row, detail, file.Rows.NewBodies()), words => text!.Says(row, words)) ? 1 : 0;
        }

        return count;
    }
}
