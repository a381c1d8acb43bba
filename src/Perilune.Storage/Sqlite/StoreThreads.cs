using Perilune.Storage.Sqlite.Search;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>The threads of a store. Those behind the writers end last, since closing files wakes none of them.</summary>
/// <param name="notIndexed">Told which file cannot be indexed now, and why.</param>
internal sealed class StoreThreads(Action<string, Exception> notIndexed) : IAsyncDisposable
{
    public WriteThreads Writers { get; } = new(count: 4);

    public SearchThread Search { get; } = new(notIndexed);

    public CheckpointThread Checkpoints { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Writers.DisposeAsync();
        await Task.Run(Search.Dispose);
        await Task.Run(Checkpoints.Dispose);
    }
}
