using System.Buffers;
using System.Runtime.InteropServices;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// The counts of one run file: sums by time, users' days, and the ledger. Collects in memory what the running transaction
/// changes, as differences; <see cref="Write"/> adds them to the rows before the commit, and after a rollback
/// <see cref="Clear"/> forgets them.
/// </summary>
internal sealed class FileCounts(Database db, Terms terms)
{
    private readonly Dictionary<CountCell, RunSums> _sums = [];
    private readonly Dictionary<(long User, long Quarter), UserSums> _users = [];
    private readonly Dictionary<(long Day, long Type), long> _ledger = [];
    private readonly ArrayBufferWriter<byte> _scratch = new();

    /// <summary>Counts a run, or with a <paramref name="sign"/> of −1 takes back what it counted as.</summary>
    public void Add(CountedRun run, int sign)
    {
        var (quarter, type) = (run.Quarter.Number, TypeOf(run.Type));
        Cell(CountKind.NameQuarter, quarter, type, run.Name is null ? 0 : terms.IdOf(run.Name)).Add(run, sign);
        foreach (var tag in run.Tags)
        {
            Cell(CountKind.TagQuarter, quarter, 0, terms.IdOf(tag)).Add(run, sign);
        }

        AddTo(CountKind.TemplateQuarter, run.Template);
        AddTo(CountKind.RuntimeQuarter, run.Runtime);
        AddTo(CountKind.EnvironmentQuarter, run.Environment);
        AddTo(CountKind.ThumbQuarter, run.Thumb);
        AddUser(run, run.User, sign);

        void AddTo(CountKind kind, string? value)
        {
            if (value is not null)
            {
                Cell(kind, quarter, 0, terms.IdOf(value)).Add(run, sign);
            }
        }
    }

    /// <summary>Counts the run for a user alone: where only its user changes.</summary>
    public void AddUser(CountedRun run, string? user, int sign)
    {
        if (user is not null)
        {
            ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, (terms.IdOf(user), run.Quarter.Number), out _);
            sums = sums.Plus(UserSums.Of(run, sign));
        }
    }

    /// <summary>Enters a run into the ledger, or takes it out of it.</summary>
    /// <param name="day">The UTC day, as a day number since 1970, on which the first event about it was accepted.</param>
    /// <param name="type">Of the run, empty while not known.</param>
    /// <param name="sign">1 or −1.</param>
    public void AddToLedger(long day, string type, int sign) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_ledger, (day, TypeOf(type)), out _) += sign;

    public void Write()
    {
        WriteSums();
        WriteUsers();
        foreach (var ((day, type), runs) in _ledger.Where(entry => entry.Value != 0))
        {
            db.Prepare("INSERT INTO ledger(day, type, runs) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET runs = runs + ?3").Bind(1, day).Bind(2, type).Bind(3, runs).Run();
        }

        Clear();
    }

    public void Clear()
    {
        _sums.Clear();
        _users.Clear();
        _ledger.Clear();
    }

    /// <summary>What the ledger changes by.</summary>
    public IReadOnlyDictionary<(long Day, long Type), long> Ledger => _ledger;

    /// <summary>What sums change by: quarters, and the hours and days that they are part of.</summary>
    public IEnumerable<(CountCell Cell, RunSums Sums)> AllSums()
    {
        var larger = new Dictionary<CountCell, RunSums>();
        foreach (var (cell, sums) in _sums)
        {
            foreach (var holder in cell.Larger())
            {
                ref var above = ref CollectionsMarshal.GetValueRefOrAddDefault(larger, holder, out _);
                (above ??= new RunSums()).Add(sums);
            }
        }

        return _sums.Concat(larger).Select(row => (row.Key, row.Value));
    }

    /// <summary>What users did, by day, where nothing of them is stored.</summary>
    public IEnumerable<(long Day, long User, SortedDictionary<int, UserSums> Quarters)> AllUserDays() => _users
        .Where(entry => entry.Value != default)
        .GroupBy(entry => (Day: CountCell.DayOf(entry.Key.Quarter), entry.Key.User))
        .Select(day => (day.Key.Day, day.Key.User, new SortedDictionary<int, UserSums>(
            day.ToDictionary(entry => (int)(entry.Key.Quarter - (day.Key.Day * Quarter.PerDay)), entry => entry.Value))));

    private RunSums Cell(CountKind kind, long quarter, long type, long value)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, new CountCell(kind, quarter, type, value), out _);
        return cell ??= new RunSums();
    }

    private void WriteSums()
    {
        foreach (var (cell, sums) in AllSums())
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
        var changed = _users.Where(entry => entry.Value != default).GroupBy(entry => (Day: CountCell.DayOf(entry.Key.Quarter), entry.Key.User));
        foreach (var group in changed)
        {
            var (day, user) = group.Key;
            var quarters = ReadDay(day, user);
            foreach (var ((_, quarter), change) in group)
            {
                var part = (int)(quarter - (day * Quarter.PerDay));
                var sums = quarters.GetValueOrDefault(part).Plus(change);
                if (sums == default)
                {
                    quarters.Remove(part);
                }
                else
                {
                    quarters[part] = sums;
                }
            }

            var row = quarters.Count == 0
                ? db.Prepare("DELETE FROM user_day WHERE day = ?1 AND user = ?2")
                : db.Prepare("INSERT INTO user_day(day, user, data) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET data = ?3").Bind(3, UserDays.Write(quarters, _scratch));
            row.Bind(1, day).Bind(2, user).Run();
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
