namespace Perilune.Storage.Sqlite.Native;

/// <summary>Interrupts what runs on a connection when its time is up. Disposed before the connection is used for anything else.</summary>
internal sealed class Deadline : IDisposable
{
    // An interrupt that comes a moment before the statement begins is lost: another one follows.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(10);
    private readonly Timer? _timer;
    private volatile bool _hasPassed;

    public Deadline(Database db, TimeSpan budget)
    {
        if (budget != Timeout.InfiniteTimeSpan)
        {
            _timer = new Timer(_ => Pass(db), null, budget, Again);
        }
    }

    public bool HasPassed => _hasPassed;

    public void Dispose()
    {
        using var over = new ManualResetEvent(initialState: false);
        if (_timer?.Dispose(over) == true)
        {
            over.WaitOne();
        }
    }

    private void Pass(Database db)
    {
        _hasPassed = true;
        db.Interrupt();
    }
}
