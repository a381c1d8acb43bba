using System.Threading.Channels;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// The threads that wait for disks, so that those of the web server never do. Files with waiting work take turns: each
/// gets one transaction, then goes to the end of the line.
/// </summary>
internal sealed class WriteThreads : IAsyncDisposable
{
    private readonly Channel<RunFile> _ready = Channel.CreateUnbounded<RunFile>();
    private readonly Thread[] _threads;

    public WriteThreads(int count)
    {
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            _threads[i] = new Thread(Run) { IsBackground = true, Name = $"run file writer {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>A file stands in line at most once, so the line is as long as there are open files.</summary>
    public void Enqueue(RunFile file) => _ready.Writer.TryWrite(file);

    public async ValueTask DisposeAsync()
    {
        _ready.Writer.TryComplete();
        await Task.Run(() => Array.ForEach(_threads, thread => thread.Join()));
    }

    private void Run()
    {
        while (WaitForFile() is { } file)
        {
            if (file.WriteOnce())
            {
                Enqueue(file);
            }
        }
    }

    private RunFile? WaitForFile()
    {
        while (true)
        {
            if (_ready.Reader.TryRead(out var file))
            {
                return file;
            }

            if (!_ready.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                return null;
            }
        }
    }
}
