namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// The threads that wait for disks, so that those of the web server never do. Projects with waiting work take turns:
/// each gets one transaction, then goes to the end of the line.
/// </summary>
internal sealed class WriteThreads : IAsyncDisposable
{
    private readonly Queue<ProjectRuns> _ready = [];
    private readonly Thread[] _threads;
    private bool _isEnding;

    public WriteThreads(int count)
    {
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = $"run writer {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>A project stands in line at most once, so the line is as long as there are open projects.</summary>
    public void Enqueue(ProjectRuns project)
    {
        // A monitor wakes one thread and lets the others sleep; channels and semaphores wake all of them, or spin.
        lock (_ready)
        {
            _ready.Enqueue(project);
            Monitor.Pulse(_ready);
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_ready)
        {
            _isEnding = true;
            Monitor.PulseAll(_ready);
        }

        await Task.Run(() => Array.ForEach(_threads, thread => thread.Join()));
    }

    private void Run()
    {
        for (var project = Next(again: null); project is not null;)
        {
            project = Next(project.WriteOnce() ? project : null);
        }
    }

    /// <summary>Waits for the next project; null when there will be none. <paramref name="again"/> goes to the end of the line first.</summary>
    private ProjectRuns? Next(ProjectRuns? again)
    {
        lock (_ready)
        {
            if (again is not null)
            {
                _ready.Enqueue(again);
            }

            while (_ready.Count == 0 && !_isEnding)
            {
                Monitor.Wait(_ready);
            }

            return _ready.TryDequeue(out var next) ? next : null;
        }
    }
}
