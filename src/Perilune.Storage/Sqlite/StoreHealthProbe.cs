namespace Perilune.Storage.Sqlite;

/// <summary>
/// Whether events can be stored: yes until a write fails because of the disk, then again as soon as a write or a small
/// probe file goes through.
/// </summary>
internal sealed class StoreHealthProbe(string root)
{
    private readonly Lock _gate = new();
    private string? _reason;
    private long _probedAt;

    public void Succeeded() => Volatile.Write(ref _reason, null);

    /// <summary>True when this is news.</summary>
    public bool Failed(string reason)
    {
        var before = Interlocked.Exchange(ref _reason, reason);
        return before is null;
    }

    public StoreHealth Check()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            if (_reason is not null && now - _probedAt > 1000)
            {
                _probedAt = now;
                Probe();
            }

            return new StoreHealth(_reason is null, _reason);
        }
    }

    private void Probe()
    {
        var path = Path.Combine(root, ".probe");
        try
        {
            Durable.CreateDirectory(root);
            using (var probe = new FileStream(path, FileMode.Create, FileAccess.Write))
            {
                probe.Write(new byte[64 * 1024]);
                probe.Flush(flushToDisk: true);
            }

            File.Delete(path);
            Succeeded();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _reason = $"Nothing can be stored: {e.Message}";
        }
    }
}
