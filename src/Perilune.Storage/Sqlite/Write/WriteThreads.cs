using System.Threading.Channels;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// The threads that wait for disks, so that those of the web server never do. Projects with waiting work take turns:
/// each gets one transaction, then goes to the end of the line.
/// </summary>
internal sealed class WriteThreads : IAsyncDisposable
{
    private readonly Channel<ProjectRuns> _ready = Channel.CreateUnbounded<ProjectRuns>();
    private readonly Thread[] _threads;

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
    public void Enqueue(ProjectRuns project) => _ready.Writer.TryWrite(project);

    public async ValueTask DisposeAsync()
    {
        _ready.Writer.TryComplete();
        await Task.Run(() => Array.ForEach(_threads, thread => thread.Join()));
    }

    private void Run()
    {
        while (WaitForProject() is { } project)
        {
            if (project.WriteOnce())
            {
                Enqueue(project);
            }
        }
    }

    private ProjectRuns? WaitForProject()
    {
        while (true)
        {
            if (_ready.Reader.TryRead(out var project))
            {
                return project;
            }

            if (!_ready.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                return null;
            }
        }
    }
}
