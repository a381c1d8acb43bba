using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>What one file has of the ledger.</summary>
internal static class ReadLedger
{
    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <param name="into">Sums so far.</param>
    /// <param name="file">The file to ask.</param>
    /// <param name="files">The names of all files that are there.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Inclusive.</param>
    public static void AddTo(Dictionary<(DateOnly Day, string Type), long> into, RunFileReader file, IReadOnlySet<string> files, DateOnly from, DateOnly to)
    {
        var (first, last) = ((long)(from.DayNumber - Epoch.DayNumber), (long)(to.DayNumber - Epoch.DayNumber));
        var entries = CountChange.WaitingLedger(file.Db).Where(entry => entry.Key.Day >= first && entry.Key.Day <= last).ToDictionary();
        var row = file.Db.Prepare("SELECT day, type, runs FROM ledger WHERE day >= ?1 AND day <= ?2").Bind(1, first).Bind(2, last);
        while (row.Step())
        {
            var entry = (row.Int64(0), row.Int64(1));
            entries[entry] = entries.GetValueOrDefault(entry) + row.Int64(2);
        }

        row.Reset();
        foreach (var ((day, type), runs) in entries.Where(entry => entry.Value > 0))
        {
            var key = (Epoch.AddDays((int)day), type == 0 ? "" : file.Rows.Term(type));
            into[key] = into.GetValueOrDefault(key) + runs;
        }

        row = file.Db.Prepare("SELECT day, type, runs, source FROM ledger_of_dropped WHERE day >= ?1 AND day <= ?2 AND runs > 0")
            .Bind(1, first)
            .Bind(2, last);
        while (row.Step())
        {
            // A crash may have kept the file that was to be dropped.
            if (!files.Contains(row.Text(3)))
            {
                var key = (Epoch.AddDays((int)row.Int64(0)), row.Text(1));
                into[key] = into.GetValueOrDefault(key) + row.Int64(2);
            }
        }

        row.Reset();
    }
}
