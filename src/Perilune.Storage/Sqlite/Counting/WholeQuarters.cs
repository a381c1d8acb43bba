using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>Which of a file's sums answer for a span of time.</summary>
internal static class WholeQuarters
{
    private static readonly Quarter s_last = Quarter.Of(Instant.MaxValue);

    /// <summary>
    /// The quarters from Head to before Tail; runs have to be read for what is before and behind them. A span that ends now
    /// ends within a quarter, but no run began after it there, so that the sums of that quarter are those of the span.
    /// </summary>
    public static (Quarter Head, Quarter Tail) Between(RunFileReader file, Instant from, Instant to)
    {
        var (head, tail) = (Quarter.AtOrAfter(from), Quarter.Of(to));
        return Quarter.IsStart(to) || tail == s_last || tail == FirstFrom(file, to) ? (head, tail) : (head, new Quarter(tail.Number + 1));
    }

    private static Quarter? FirstFrom(RunFileReader file, Instant time)
    {
        var row = file.Db.Prepare("SELECT min(start) FROM run INDEXED BY run_start WHERE start >= ?1").Bind(1, time.Micros);
        var first = row.Step() && !row.IsNull(0) ? Quarter.Of(new Instant(row.Int64(0))) : (Quarter?)null;
        row.Reset();
        return first;
    }
}
