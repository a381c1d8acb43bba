namespace Perilune.Control;

/// <summary>
/// Counts failed sign-ins in a table of fixed size. Slots are shared by hash, under a seed that differs per process: a
/// guesser can neither grow the table nor push its own count out of it.
/// </summary>
internal sealed class LoginThrottle(TimeProvider time)
{
    public const int PerAccountAndAddress = 5;

    private const int Slots = 1 << 15;
    private const int PerAddress = 50;
    private const int PerAccount = 200;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly (long Start, int Failures)[] _slots = new (long, int)[Slots];

    /// <summary>Counts an attempt, before its password is looked at: attempts made side by side are counted too.</summary>
    /// <returns>How long to wait when this attempt is one too many, else zero.</returns>
    public TimeSpan Begin(string emailKey, string address)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var wait = TimeSpan.Zero;
            foreach (var (slot, limit) in Limits(emailKey, address))
            {
                ref var entry = ref _slots[slot];
                if (entry.Failures > 0 && time.GetElapsedTime(entry.Start, now) >= s_window)
                {
                    entry = default;
                }

                if (entry.Failures >= limit)
                {
                    var left = s_window - time.GetElapsedTime(entry.Start, now);
                    wait = left > wait ? left : wait;
                }
            }

            if (wait == TimeSpan.Zero)
            {
                foreach (var (slot, _) in Limits(emailKey, address))
                {
                    ref var entry = ref _slots[slot];
                    entry = entry.Failures == 0 ? (now, 1) : (entry.Start, entry.Failures + 1);
                }
            }

            return wait;
        }
    }

    /// <summary>Takes back what <see cref="Begin"/> counted, and forgets the account's failures from this address.</summary>
    public void Succeeded(string emailKey, string address)
    {
        lock (_lock)
        {
            foreach (var (slot, limit) in Limits(emailKey, address))
            {
                ref var entry = ref _slots[slot];
                entry.Failures = limit == PerAccountAndAddress ? 0 : Math.Max(0, entry.Failures - 1);
            }
        }
    }

    private static (int Slot, int Limit)[] Limits(string emailKey, string address) =>
    [
        (Slot(HashCode.Combine(emailKey, address)), PerAccountAndAddress),
        (Slot(HashCode.Combine(address)), PerAddress),
        (Slot(HashCode.Combine(emailKey)), PerAccount),
    ];

    private static int Slot(int hash) => hash & (Slots - 1);
}
