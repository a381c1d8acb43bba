using System.Collections.Concurrent;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// The one thread that indexes, behind the commits and never before an acknowledgement. Files take turns; between rounds it
/// rests, so that a turn finds enough to be worth its transaction: each one adds a segment to the index that has to be merged
/// with others. What is not indexed yet is read by searches, so that resting hides nothing.
/// </summary>
internal sealed class SearchThread : IDisposable
{
    private const int MaxOpenFiles = 32;
    private const int IdleMillis = 30_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(400);
    private readonly BlockingCollection<SearchFile> _waiting = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string, Exception> _failed;
    private readonly Thread _thread;

    // Those that have connections, the one used last at the end.
    private readonly List<SearchFile> _open = [];

    private readonly HashSet<SearchFile> _failing = [];

    /// <param name="failed">Told which file cannot be indexed now, and why.</param>
    public SearchThread(Action<string, Exception> failed)
    {
        _failed = failed;
        _thread = new Thread(Run) { IsBackground = true, Name = "search indexer" };
        _thread.Start();
    }

    /// <summary>A file stands in line at most once, so the line is as long as there are open files.</summary>
    public void Enqueue(SearchFile file)
    {
        if (!_stop.IsCancellationRequested)
        {
            _waiting.Add(file);
        }
    }

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _thread.Join();
        _open.ForEach(file => file.Close());
        _waiting.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                if (!_waiting.TryTake(out var file, IdleMillis, _stop.Token))
                {
                    _open.ForEach(idle => idle.Close());
                    _open.Clear();
                    continue;
                }

                _stop.Token.WaitHandle.WaitOne(Rest);
                while (TakeTurns([file, .. TakeAll()]))
                {
                    file = _waiting.Take(_stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed; what waits is indexed when it opens again.
        }
    }

    private List<SearchFile> TakeAll()
    {
        var files = new List<SearchFile>();
        while (_waiting.TryTake(out var file))
        {
            files.Add(file);
        }

        return files;
    }

    // True when one of them is behind, and stands in line again.
    private bool TakeTurns(List<SearchFile> files)
    {
        var isBehind = false;
        foreach (var file in files)
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (TakeTurn(file))
            {
                isBehind = true;
                file.Signal();
            }
        }

        return isBehind;
    }

    private bool TakeTurn(SearchFile file)
    {
        _open.Remove(file);
        _open.Add(file);
        if (_open.Count > MaxOpenFiles)
        {
            _open[0].Close();
            _open.RemoveAt(0);
        }

        try
        {
            var isBehind = file.Turn();
            _failing.Remove(file);
            return isBehind;
        }
        catch (Exception e)
        {
            // Searches read what is not indexed; the next commit tries again, and the log is told once.
            if (_failing.Add(file))
            {
                _failed(file.Path, e);
            }

            return false;
        }
    }
}
