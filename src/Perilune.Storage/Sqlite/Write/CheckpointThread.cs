using System.Collections.Concurrent;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>The one thread that copies logs into their run files while the files' writers go on.</summary>
internal sealed class CheckpointThread : IDisposable
{
    private readonly BlockingCollection<WriteAheadLog> _waiting = [];
    private readonly Thread _thread;
    private bool _hasEnded;

    public CheckpointThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "checkpointer" };
        _thread.Start();
    }

    /// <summary>A log stands in line at most once, so the line is as long as there are open files. Not after <see cref="Dispose"/>.</summary>
    public void Enqueue(WriteAheadLog log) => _waiting.Add(log);

    /// <summary>When nothing is written any more. What is still in the logs goes into the files when these are closed.</summary>
    public void Dispose()
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        _waiting.CompleteAdding();
        _thread.Join();
        _waiting.Dispose();
    }

    private void Run()
    {
        foreach (var log in _waiting.GetConsumingEnumerable())
        {
            log.Copy();
        }
    }
}
