using System.Collections.Concurrent;

namespace Perilune.Storage.Sqlite.Settling;

/// <summary>The one thread that settles what was too much for a transaction. Files take turns, a pass each.</summary>
internal sealed class SettleThread : IDisposable
{
    private readonly BlockingCollection<FileSettling> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string, Exception> _failed;
    private readonly Thread _thread;
    private readonly HashSet<FileSettling> _failing = [];

    /// <param name="failed">Told which file's runs cannot be settled now, and why.</param>
    public SettleThread(Action<string, Exception> failed)
    {
        _failed = failed;
        _thread = new Thread(Run) { IsBackground = true, Name = "settler" };
        _thread.Start();
    }

    /// <summary>A file stands in line at most once, so the line is as long as there are open files.</summary>
    public void Enqueue(FileSettling file)
    {
        if (!_stop.IsCancellationRequested)
        {
            _waiting.Add(file);
        }
    }

    /// <summary>Tells of a file in which something stays as it is.</summary>
    public void Tell(string path, Exception reason) => _failed(path, reason);

    /// <summary>Before the writers end, since a pass waits for them.</summary>
    public void Stop()
    {
        if (!_stop.IsCancellationRequested)
        {
            _stop.Cancel();
            _thread.Join();
        }
    }

    /// <summary>After the writers have ended, since they put files in line.</summary>
    public void Dispose()
    {
        _waiting.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                var file = _waiting.Take(_stop.Token);
                if (TryPass(file))
                {
                    Enqueue(file);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed; what is unsettled is gone on with when it opens again.
        }
    }

    // True when another pass is needed.
    private bool TryPass(FileSettling file)
    {
        try
        {
            var goesOn = file.Pass(_stop.Token);
            _failing.Remove(file);
            return goesOn;
        }
        catch (Exception e)
        {
            // The next commit to the file tries again, and the log is told once.
            file.Leave();
            if (!_stop.IsCancellationRequested && !file.IsClosed && _failing.Add(file))
            {
                _failed(file.Path, e);
            }

            return false;
        }
    }
}
