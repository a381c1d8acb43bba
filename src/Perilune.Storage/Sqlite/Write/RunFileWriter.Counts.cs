using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Counting;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private readonly FileCounts _counts;
    private bool _isDeleting;

    public FileArrivals Arrivals { get; private set; } = null!;

    private void Recount(RunEntry entry, bool isNew)
    {
        if (!isNew)
        {
            TakeBack(entry);
        }

        SetCounted(entry);
        if (entry.Counted is { } run)
        {
            _counts.Add(run, 1);
            _counts.AddToLedger(entry.CountedDay, run.Type, 1);
        }
    }

    private void TakeBack(RunEntry entry)
    {
        if (entry.Counted is not { } run)
        {
            return;
        }

        _counts.Add(run, -1);

        // A deleted run was accepted all the same.
        if (!_isDeleting)
        {
            _counts.AddToLedger(entry.CountedDay, run.Type, -1);
        }
    }

    private static void SetCounted(RunEntry entry)
    {
        entry.Counted = RunProjection.ToCounted(entry.State, entry.Place.Labels, entry.Cost, entry.IsRepeat);
        entry.CountedDay = CountCell.DayOf(Quarter.Of(entry.State.FirstReceived).Number);
    }

    private void RecountMove(PlacedNode node, TracePlace place)
    {
        var (before, now) = (node.Place.Labels, place.Labels);
        if (before == now || LoadRun(node.Id)?.Counted is not { } run)
        {
            return;
        }

        if (before with { User = now.User } == now)
        {
            _counts.AddUser(run, before.User, -1);
            _counts.AddUser(run, now.User, 1);
        }
        else
        {
            _counts.Add(run.With(before), -1);
            _counts.Add(run.With(now), 1);
        }
    }

    /// <summary>Everything that the ledger says here, also of files that were dropped before.</summary>
    public List<DroppedLedger> Ledger()
    {
        _counts.Fold();
        var entries = new List<DroppedLedger>();
        var row = _db.Prepare("SELECT source, day, type, runs FROM ledger_of_dropped UNION ALL SELECT ?1, day, coalesce((SELECT value FROM term WHERE id = type), ''), runs FROM ledger")
            .Bind(1, File.Period.FileName);
        while (row.Step())
        {
            entries.Add(new DroppedLedger(row.Text(0), row.Int64(1), row.Text(2), row.Int64(3)));
        }

        row.Reset();
        return entries;
    }

    /// <summary>Keeps the ledger of a file that is about to be dropped. Doing so twice, because of a crash, is doing it once.</summary>
    public void Inherit(IEnumerable<DroppedLedger> entries)
    {
        foreach (var entry in entries)
        {
            _db.Prepare("INSERT OR REPLACE INTO ledger_of_dropped(source, day, type, runs) VALUES(?1, ?2, ?3, ?4)")
                .Bind(1, entry.Source).Bind(2, entry.Day).Bind(3, entry.Type).Bind(4, entry.Runs).Run();
        }
    }
}

/// <param name="Source">The file that the runs were accepted into. While it is there, it speaks for itself.</param>
/// <param name="Day">Since 1970.</param>
internal sealed record DroppedLedger(string Source, long Day, string Type, long Runs);
