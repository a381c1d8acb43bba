using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>The accept ledger of one run file: what came, from whom, and why some of it was refused.</summary>
internal sealed class FileArrivals(Database db)
{
    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <param name="arrival">The request.</param>
    /// <param name="stored">How many of its events were stored.</param>
    /// <param name="dropped">How many were not, because their runs were deleted.</param>
    public void Add(Arrival arrival, int stored, int dropped)
    {
        var day = CountCell.DayOf(Quarter.Of(arrival.Time).Number);
        db.Prepare("INSERT INTO arrival(day, key, client, stored, refused, last) VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET stored = stored + ?4, refused = refused + ?5, last = max(last, ?6)")
            .Bind(1, day).Bind(2, arrival.KeyId.ToString()).Bind(3, ClientOf(day, arrival)).Bind(4, (long)stored).Bind(5, (long)(arrival.Refused.Count + dropped)).Bind(6, arrival.Time.Micros).Run();
        foreach (var refused in arrival.Refused.Take(Arrival.KeptRefusalsOfRequest))
        {
            Keep(arrival, refused);
        }

        if (dropped > 0)
        {
            Keep(arrival, new RefusedEvent(null, dropped == 1 ? "One event was about a deleted run, which must not come back." : $"{dropped} events were about deleted runs, which must not come back."));
        }

        if (arrival.Refused.Count + dropped > 0)
        {
            db.Prepare("DELETE FROM refusal WHERE id <= (SELECT max(id) FROM refusal) - ?1").Bind(1, (long)Arrival.KeptRefusals).Run();
        }
    }

    public static void AddTo(Dictionary<(DateOnly Day, Guid KeyId, string Client), ArrivalSums> into, RunFileReader file, DateOnly since)
    {
        var row = file.Db.Prepare("SELECT day, key, client, stored, refused, last FROM arrival WHERE day >= ?1").Bind(1, (long)(since.DayNumber - Epoch.DayNumber));
        while (row.Step())
        {
            var sums = new ArrivalSums(Epoch.AddDays((int)row.Int64(0)), Guid.Parse(row.Text(1)), row.Text(2), row.Int64(3), row.Int64(4), new Instant(row.Int64(5)));
            var key = (sums.Day, sums.KeyId, sums.Client);
            into[key] = into.TryGetValue(key, out var known)
                ? sums with { Stored = known.Stored + sums.Stored, Refused = known.Refused + sums.Refused, Last = Instant.Max(known.Last, sums.Last) }
                : sums;
        }

        row.Reset();
    }

    public static void AddTo(List<KeptRefusal> into, RunFileReader file)
    {
        var row = file.Db.Prepare("SELECT time, key, client, event, reason FROM refusal ORDER BY id DESC");
        while (row.Step())
        {
            into.Add(new KeptRefusal(new Instant(row.Int64(0)), Guid.Parse(row.Text(1)), row.Text(2), row.IsNull(3) ? null : row.Text(3), row.Text(4)));
        }

        row.Reset();
    }

    private void Keep(Arrival arrival, RefusedEvent refused) =>
        db.Prepare("INSERT INTO refusal(time, key, client, event, reason) VALUES(?1, ?2, ?3, ?4, ?5)")
            .Bind(1, arrival.Time.Micros).Bind(2, arrival.KeyId.ToString()).Bind(3, arrival.Client).Bind(4, refused.Event).Bind(5, refused.Reason).Run();

    // Clients name themselves as they like: their number has a bound.
    private string ClientOf(long day, Arrival arrival)
    {
        var row = db.Prepare("SELECT count(*), coalesce(max(client = ?2), 0) FROM arrival WHERE day = ?1").Bind(1, day).Bind(2, arrival.Client);
        row.Step();
        var isOther = row.Int64(0) >= Arrival.MostClients && row.Int64(1) == 0;
        row.Reset();
        return isOther ? Arrival.OtherClients : arrival.Client;
    }
}
