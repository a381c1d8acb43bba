using System.Globalization;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Read;
using Perilune.Storage.Sqlite.Search;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>The runs themselves, where no sums can answer: a filter looks at more than types and names, or a period begins within a quarter.</summary>
internal static class CountedRows
{
    public static IEnumerable<(Instant Start, CountedRun Run)> Between(RunFileReader file, Filter filter, Instant from, Instant to)
    {
        var selection = RunSelection.Of(file, RunScope.All, filter);
        from = Instant.Max(from, file.Since);
        if (selection.IsEmpty || to <= from)
        {
            yield break;
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"r.start >= {from.Micros} AND r.start < {to.Micros}");
        var columns = selection.Residual is null ? "r.id, r.start, r.user, r.cost, r.state, r.is_repeat, r.env, r.tags" : RunRows.Columns;
        using var row = file.Db.PrepareOnce($"SELECT {columns} {selection.From(ordered: false, range)}");
        ListRuns.Bind(row, selection.Parameters);
        var detail = selection.NeedsPayloads || (selection.Residual is { } undecided && TextQuestion.HasWords(undecided)) ? RunDetail.Full : RunDetail.None;
        while (row.Step())
        {
            if (Read(row) is { } run)
            {
                yield return run;
            }
        }

        (Instant Start, CountedRun Run)? Read(Statement at)
        {
            if (selection.Residual is { } rest)
            {
                var run = file.Rows.ToRun(RunRows.Read(at), detail, file.Rows.NewBodies());
                return FilterMatcher.Matches(rest, run) && CountedRun.Of(run) is { } matching ? (run.ListedAt, matching) : null;
            }

            var labels = LabelColumns.Read(at, 2, 6, 7, file.Rows.Term);
            var state = StateReader.Read(at.Id(0), at.Blob(4), default, file.Rows.Term);
            return RunProjection.ToCounted(state, labels, at.NullableInt64(3), at.Int64(5) == 1) is { } counted ? (new Instant(at.Int64(1)), counted) : null;
        }
    }
}
