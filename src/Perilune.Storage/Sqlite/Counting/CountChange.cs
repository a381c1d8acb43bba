using System.Buffers;
using System.Runtime.InteropServices;
using Perilune.Model.Counting;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// What counts change by: of quarters of an hour, users and the ledger. Differences, so they add up in any order, and may be
/// negative. Its bytes are a row of <c>count_change</c>.
/// </summary>
internal sealed class CountChange
{
    private readonly Dictionary<CountCell, RunSums> _sums = [];
    private readonly Dictionary<(long User, long Quarter), UserSums> _users = [];
    private readonly Dictionary<(long Day, long Type), long> _ledger = [];

    public bool IsEmpty => _sums.Count == 0 && _users.Count == 0 && _ledger.Count == 0;

    public IReadOnlyDictionary<(long Day, long Type), long> Ledger => _ledger;

    /// <summary>Reads or skips the sums of a cell, which begin what is left.</summary>
    public delegate void SumsReader(CountCell cell, ref ReadOnlySpan<byte> left);

    /// <summary>Goes through the sums that were committed but not yet added to their rows.</summary>
    /// <param name="db">The run file.</param>
    /// <param name="read">Has to call <see cref="ReadSums"/> or <see cref="SkipSums"/>.</param>
    public static void ReadWaitingSums(Database db, SumsReader read) => ReadWaiting(db, read, static (_, _, _) => { }, static (_, _, _) => { });

    /// <summary>What users did that was committed but is not yet in their rows.</summary>
    public static Dictionary<(long User, long Quarter), UserSums> WaitingUsers(Database db)
    {
        var waiting = new CountChange();
        ReadWaiting(db, Skip, waiting.AddUser, static (_, _, _) => { });
        return waiting._users;
    }

    /// <summary>What was accepted that is not yet in the rows of the ledger.</summary>
    public static Dictionary<(long Day, long Type), long> WaitingLedger(Database db)
    {
        var waiting = new CountChange();
        ReadWaiting(db, Skip, static (_, _, _) => { }, waiting.AddToLedger);
        return waiting._ledger;
    }

    /// <summary>Adds all that was committed but is not yet in the rows of sums, users and ledger, or takes it away.</summary>
    public void AddWaiting(Database db, int sign = 1) => ReadWaiting(
        db,
        (CountCell cell, ref ReadOnlySpan<byte> left) => ReadSums(ref left, Cell(cell.Kind, cell.First, cell.Type, cell.Value), sign),
        (user, quarter, sums) => AddUser(user, quarter, sign < 0 ? sums.Negated() : sums),
        (day, type, runs) => AddToLedger(day, type, sign * runs));

    /// <summary>Adds sums that <see cref="WriteTo"/> wrote, or takes them away.</summary>
    public static void ReadSums(ref ReadOnlySpan<byte> from, RunSums into, int sign = 1)
    {
        into.Runs += sign * Signed(ref from);
        into.Errors += sign * Signed(ref from);
        into.Successes += sign * Signed(ref from);
        into.Calls += sign * Signed(ref from);
        into.Priced += sign * Signed(ref from);
        into.Input += sign * Large(ref from);
        into.Output += sign * Large(ref from);
        into.CacheRead += sign * Large(ref from);
        into.CacheWrite += sign * Large(ref from);
        into.Reasoning += sign * Large(ref from);
        into.Cost += sign * Large(ref from);
        Read(ref from, into.Latency, sign);
        Read(ref from, into.FirstToken, sign);
    }

    /// <summary>Passes over what <see cref="ReadSums"/> reads.</summary>
    public static void SkipSums(ref ReadOnlySpan<byte> from)
    {
        for (var count = 0; count < 5; count++)
        {
            Varint.Read(ref from);
        }

        for (var amount = 0; amount < 6; amount++)
        {
            Large(ref from);
        }

        for (var histogram = 0; histogram < 2; histogram++)
        {
            for (var left = 2 * Signed(ref from); left > 0; left--)
            {
                Varint.Read(ref from);
            }
        }
    }

    /// <summary>The sums of a quarter, to be added to.</summary>
    public RunSums Cell(CountKind kind, long quarter, long type, long value)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, new CountCell(kind, quarter, type, value), out _);
        return cell ??= new RunSums();
    }

    public void AddUser(long user, long quarter, UserSums change)
    {
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, (user, quarter), out _);
        sums = sums.Plus(change);
    }

    public void AddToLedger(long day, long type, long runs) => CollectionsMarshal.GetValueRefOrAddDefault(_ledger, (day, type), out _) += runs;

    /// <summary>Quarters, and the hours and days that they are part of.</summary>
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

    /// <summary>What users did, by UTC day; a quarter's number is within the day.</summary>
    public IEnumerable<(long Day, long User, SortedDictionary<int, UserSums> Quarters)> UserDays() => _users
        .Where(entry => entry.Value != default)
        .GroupBy(entry => (Day: CountCell.DayOf(entry.Key.Quarter), entry.Key.User))
        .Select(day => (day.Key.Day, day.Key.User, new SortedDictionary<int, UserSums>(
            day.ToDictionary(entry => (int)(entry.Key.Quarter - (day.Key.Day * Quarter.PerDay)), entry => entry.Value))));

    /// <summary>What users did in all; without those for whom nothing changes.</summary>
    public IEnumerable<(long User, UserSums Sums)> UserTotals() => _users
        .GroupBy(entry => entry.Key.User, entry => entry.Value)
        .Select(user => (user.Key, Sums: user.Aggregate(static (sum, next) => sum.Plus(next))))
        .Where(user => user.Sums != default);

    public void Clear()
    {
        _sums.Clear();
        _users.Clear();
        _ledger.Clear();
    }

    public void WriteTo(ArrayBufferWriter<byte> to)
    {
        Signed(to, _sums.Count);
        foreach (var (cell, sums) in _sums)
        {
            Signed(to, (long)cell.Kind);
            Signed(to, cell.First);
            Signed(to, cell.Type);
            Signed(to, cell.Value);
            Write(to, sums);
        }

        Signed(to, _users.Count);
        foreach (var ((user, quarter), sums) in _users)
        {
            Signed(to, user);
            Signed(to, quarter);
            Signed(to, sums.Runs);
            Signed(to, sums.Errors);
            Signed(to, sums.Calls);
            Large(to, sums.Tokens);
            Large(to, sums.Cost);
        }

        Signed(to, _ledger.Count);
        foreach (var ((day, type), runs) in _ledger)
        {
            Signed(to, day);
            Signed(to, type);
            Signed(to, runs);
        }
    }

    private static void Skip(CountCell cell, ref ReadOnlySpan<byte> left) => SkipSums(ref left);

    private static void ReadWaiting(Database db, SumsReader sums, Action<long, long, UserSums> user, Action<long, long, long> ledger)
    {
        var row = db.Prepare("SELECT data FROM count_change");
        while (row.Step())
        {
            var from = row.Blob(0);
            for (var left = Signed(ref from); left > 0; left--)
            {
                var (kind, first, type, value) = ((CountKind)Signed(ref from), Signed(ref from), Signed(ref from), Signed(ref from));
                sums(new CountCell(kind, first, type, value), ref from);
            }

            for (var left = Signed(ref from); left > 0; left--)
            {
                var (who, quarter) = (Signed(ref from), Signed(ref from));
                user(who, quarter, new UserSums(Signed(ref from), Signed(ref from), Signed(ref from), Large(ref from), Large(ref from)));
            }

            for (var left = Signed(ref from); left > 0; left--)
            {
                ledger(Signed(ref from), Signed(ref from), Signed(ref from));
            }
        }

        row.Reset();
    }

    private static void Write(ArrayBufferWriter<byte> to, RunSums sums)
    {
        Signed(to, sums.Runs);
        Signed(to, sums.Errors);
        Signed(to, sums.Successes);
        Signed(to, sums.Calls);
        Signed(to, sums.Priced);
        Large(to, sums.Input);
        Large(to, sums.Output);
        Large(to, sums.CacheRead);
        Large(to, sums.CacheWrite);
        Large(to, sums.Reasoning);
        Large(to, sums.Cost);
        Write(to, sums.Latency);
        Write(to, sums.FirstToken);
    }

    private static void Write(ArrayBufferWriter<byte> to, Histogram histogram)
    {
        Signed(to, histogram.Items.Count());
        foreach (var (bucket, count) in histogram.Items)
        {
            Signed(to, bucket);
            Signed(to, count);
        }
    }

    private static void Read(ref ReadOnlySpan<byte> from, Histogram into, int sign)
    {
        for (var left = Signed(ref from); left > 0; left--)
        {
            var bucket = (int)Signed(ref from);
            into.Add(bucket, sign * Signed(ref from));
        }
    }

    private static void Signed(ArrayBufferWriter<byte> to, long value) => Varint.Write(to, Varint.ZigZag(value));

    private static long Signed(ref ReadOnlySpan<byte> from) => Varint.UnZigZag(Varint.Read(ref from));

    private static void Large(ArrayBufferWriter<byte> to, Int128 value)
    {
        var isNegative = value < 0;
        Varint.Write(to, isNegative ? 1u : 0u);
        SumsCodec.WriteLarge(to, isNegative ? -value : value);
    }

    private static Int128 Large(ref ReadOnlySpan<byte> from)
    {
        var isNegative = Varint.Read(ref from) == 1;
        var value = SumsCodec.ReadLarge(ref from);
        return isNegative ? -value : value;
    }
}
