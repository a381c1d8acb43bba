using System.Buffers;
using System.Runtime.InteropServices;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// The counts of one run file: sums by time, users' days, and the ledger. Collects in memory what the running transaction
/// changes. <see cref="Write"/> keeps that as one row of <c>count_change</c>, because the rows of sums that a transaction
/// touches are all over the table; when enough rows wait, it adds them to the sums at once. Whoever reads adds what waits
/// (<see cref="CountChange.ReadWaitingSums"/> and the like).
/// </summary>
internal sealed class FileCounts(Database db, Terms terms)
{
    // Adding many at once is cheaper, and holds up longer those who wait for that transaction: with little traffic there is
    // time to do it often.
    private const int MostRows = 16;
    private const long MostBytes = 256 << 10;
    private readonly ArrayBufferWriter<byte> _scratch = new();

    // What waits in the file; unknown at first and after a rollback.
    private int _rows = MostRows;
    private long _bytes;

    /// <summary>What the running transaction changes.</summary>
    public CountChange Change { get; } = new();

    /// <summary>Counts a run, or with a <paramref name="sign"/> of −1 takes back what it counted as.</summary>
    public void Add(CountedRun run, int sign)
    {
        var (quarter, type) = (run.Quarter.Number, TypeOf(run.Type));
        foreach (var tag in run.Tags)
        {
            Change.Cell(CountKind.TagQuarter, quarter, 0, terms.IdOf(tag)).Add(run, sign);
        }

        AddTo(CountKind.TemplateQuarter, run.Template);
        AddTo(CountKind.ThumbQuarter, run.Thumb);
        if (run.IsRepeat)
        {
            return;
        }

        Change.Cell(CountKind.NameQuarter, quarter, type, run.Name is null ? 0 : terms.IdOf(run.Name)).Add(run, sign);
        AddTo(CountKind.RuntimeQuarter, run.Runtime);
        AddTo(CountKind.EnvironmentQuarter, run.Environment);
        AddUser(run, run.User, sign);

        void AddTo(CountKind kind, string? value)
        {
            if (value is not null)
            {
                Change.Cell(kind, quarter, 0, terms.IdOf(value)).Add(run, sign);
            }
        }
    }

    /// <summary>Counts the run for a user alone: where only its user changes.</summary>
    public void AddUser(CountedRun run, string? user, int sign)
    {
        if (user is not null && !run.IsRepeat)
        {
            Change.AddUser(terms.IdOf(user), run.Quarter.Number, UserSums.Of(run, sign));
        }
    }

    /// <summary>Enters a run into the ledger, or takes it out of it.</summary>
    /// <param name="day">The UTC day, as a day number since 1970, on which the first event about it was accepted.</param>
    /// <param name="type">Of the run, empty while not known.</param>
    /// <param name="sign">1 or −1.</param>
    public void AddToLedger(long day, string type, int sign) => Change.AddToLedger(day, TypeOf(type), sign);

    public void Write()
    {
        if (Change.IsEmpty)
        {
            return;
        }

        if (_rows >= MostRows || _bytes >= MostBytes)
        {
            Fold();
            return;
        }

        _scratch.ResetWrittenCount();
        Change.WriteTo(_scratch);
        db.Prepare("INSERT INTO count_change(data) VALUES(?1)").Bind(1, _scratch.WrittenSpan).Run();
        _rows++;
        _bytes += _scratch.WrittenCount;
        Change.Clear();
    }

    /// <summary>Adds all that waits to the rows of sums, users and ledger.</summary>
    public void Fold()
    {
        Change.AddWaiting(db);
        db.Prepare("DELETE FROM count_change").Run();
        WriteSums();
        WriteUsers();
        WriteTotals();
        foreach (var ((day, type), runs) in Change.Ledger.Where(entry => entry.Value != 0))
        {
            db.Prepare("INSERT INTO ledger(day, type, runs) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET runs = runs + ?3").Bind(1, day).Bind(2, type).Bind(3, runs).Run();
        }

        Change.Clear();
        (_rows, _bytes) = (0, 0);
    }

    /// <summary>Forgets what the transaction changed, after it was rolled back.</summary>
    public void Clear()
    {
        Change.Clear();
        _rows = MostRows;
    }

    private void WriteSums()
    {
        foreach (var (cell, sums) in Change.AllSums())
        {
            if (!sums.IsNothing)
            {
                Write(cell, sums);
            }
        }
    }

    private void Write(CountCell cell, RunSums change)
    {
        var (day, part) = cell.Place;
        var old = Bind(db.Prepare("SELECT data FROM rollup WHERE day = ?1 AND kind = ?2 AND part = ?3 AND type = ?4 AND value = ?5"));
        var isNew = !old.Step();
        if (!isNew)
        {
            SumsCodec.AddTo(change, old.Blob(0));
        }

        old.Reset();
        if (change.IsNothing)
        {
            Bind(db.Prepare("DELETE FROM rollup WHERE day = ?1 AND kind = ?2 AND part = ?3 AND type = ?4 AND value = ?5")).Run();
        }
        else
        {
            Bind(db.Prepare(isNew
                    ? "INSERT INTO rollup(day, kind, part, type, value, data) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                    : "UPDATE rollup SET data = ?6 WHERE day = ?1 AND kind = ?2 AND part = ?3 AND type = ?4 AND value = ?5"))
                .Bind(6, SumsCodec.Write(change, _scratch))
                .Run();
        }

        Statement Bind(Statement statement) => statement.Bind(1, day).Bind(2, (long)cell.Kind).Bind(3, part).Bind(4, cell.Type).Bind(5, cell.Value);
    }

    private void WriteUsers()
    {
        var changed = new Dictionary<(long Day, long Part), List<(long User, bool IsActive)>>();
        foreach (var (day, user, changes) in Change.UserDays())
        {
            var quarters = ReadDay(day, user);
            var wasActive = quarters.Count > 0;
            foreach (var (quarter, change) in changes)
            {
                var sums = quarters.GetValueOrDefault(quarter).Plus(change);
                if (sums == default)
                {
                    quarters.Remove(quarter);
                }
                else
                {
                    quarters[quarter] = sums;
                }
            }

            var row = quarters.Count == 0
                ? db.Prepare("DELETE FROM user_day WHERE day = ?1 AND user = ?2")
                : db.Prepare("INSERT INTO user_day(day, user, data) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET data = ?3").Bind(3, UserDays.Write(quarters, _scratch));
            row.Bind(1, day).Bind(2, user).Run();
            if (wasActive != quarters.Count > 0)
            {
                ref var users = ref CollectionsMarshal.GetValueRefOrAddDefault(changed, (day, DayUsers.PartOf(user)), out _);
                (users ??= []).Add((user, !wasActive));
            }
        }

        foreach (var ((day, part), users) in changed)
        {
            WriteActive(day, part, users);
        }
    }

    private void WriteActive(long day, long part, List<(long User, bool IsActive)> changed)
    {
        var active = new SortedSet<long>();
        var old = db.Prepare("SELECT data FROM day_user WHERE day = ?1 AND part = ?2").Bind(1, day).Bind(2, part);
        if (old.Step())
        {
            var left = old.Blob(0);
            for (var user = 0L; DayUsers.TryRead(ref left, ref user);)
            {
                active.Add(user);
            }
        }

        old.Reset();
        foreach (var (user, isActive) in changed)
        {
            _ = isActive ? active.Add(user) : active.Remove(user);
        }

        var row = active.Count == 0
            ? db.Prepare("DELETE FROM day_user WHERE day = ?1 AND part = ?2")
            : db.Prepare("INSERT INTO day_user(day, part, data) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET data = ?3").Bind(3, DayUsers.Write(active, _scratch));
        row.Bind(1, day).Bind(2, part).Run();
    }

    private void WriteTotals()
    {
        foreach (var (user, change) in Change.UserTotals())
        {
            var old = db.Prepare("SELECT data FROM user_total WHERE user = ?1").Bind(1, user);
            var sums = (old.Step() ? UserDays.ReadTotal(old.Blob(0)) : default).Plus(change);
            old.Reset();
            var row = sums == default
                ? db.Prepare("DELETE FROM user_total WHERE user = ?1")
                : db.Prepare("INSERT INTO user_total(user, data) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET data = ?2").Bind(2, UserDays.WriteTotal(sums, _scratch));
            row.Bind(1, user).Run();
        }
    }

    private SortedDictionary<int, UserSums> ReadDay(long day, long user)
    {
        var quarters = new SortedDictionary<int, UserSums>();
        var row = db.Prepare("SELECT data FROM user_day WHERE day = ?1 AND user = ?2").Bind(1, day).Bind(2, user);
        if (row.Step())
        {
            var quarter = -1;
            var rest = row.Blob(0);
            while (UserDays.TryRead(ref rest, ref quarter, out var sums))
            {
                quarters[quarter] = sums;
            }
        }

        row.Reset();
        return quarters;
    }

    private long TypeOf(string type) => type.Length == 0 ? 0 : terms.IdOf(type);
}
