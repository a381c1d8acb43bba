namespace Perilune.Storage.Sqlite;

/// <summary>
/// Whether events can be stored: looked at when the store starts, then yes until a write fails because of the disk, then
/// again as soon as a write goes through or there is plenty of room. However many writes fail, the log is told once, and
/// once when there is room again.
/// </summary>
internal sealed class StoreHealthProbe
{
    private const int PauseMillis = 1_000;
    private const int RoomAtStart = 1 << 20;

    /// <summary>What the largest transaction takes, about. With less, small writes go through between large ones that fail.</summary>
    private const int Plenty = 16 << 20;

    private readonly Lock _gate = new();
    private readonly string _root;
    private readonly Action<string> _failed;
    private readonly Action _recovered;
    private string? _reason;
    private volatile bool _isFailing;
    private long _probedAt;

    /// <param name="root">The folder to look at.</param>
    /// <param name="failed">Told the reason why nothing can be stored from now on.</param>
    /// <param name="recovered">Told that it can be again; only after <paramref name="failed"/>.</param>
    public StoreHealthProbe(string root, Action<string> failed, Action recovered)
    {
        (_root, _failed, _recovered) = (root, failed, recovered);
        if (Probe(RoomAtStart) is { } reason)
        {
            Failed(reason);
        }
    }

    public void Succeeded()
    {
        if (!_isFailing)
        {
            return;
        }

        lock (_gate)
        {
            _reason = null;
            RecoverIfThereIsRoom();
        }
    }

    public void Failed(string reason)
    {
        lock (_gate)
        {
            _reason = reason;
            if (!_isFailing)
            {
                _isFailing = true;
                _failed(reason);
            }
        }
    }

    public StoreHealth Check()
    {
        lock (_gate)
        {
            RecoverIfThereIsRoom();
            return new StoreHealth(_reason is null, _reason);
        }
    }

    private void RecoverIfThereIsRoom()
    {
        var now = Environment.TickCount64;
        if (!_isFailing || now - _probedAt < PauseMillis)
        {
            return;
        }

        _probedAt = now;
        if (Probe(Plenty) is null)
        {
            _reason = null;
            _isFailing = false;
            _recovered();
        }
    }

    /// <summary>Null when a file of that size can be written, else why not.</summary>
    private string? Probe(long bytes)
    {
        try
        {
            Durable.CreateDirectory(_root);
            using var probe = new FileStream(Path.Combine(_root, ".probe"), new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
                PreallocationSize = bytes,
            });
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"Nothing can be stored: {StoreFailure.ReasonOf(e)} ({_root}).";
        }
    }
}
