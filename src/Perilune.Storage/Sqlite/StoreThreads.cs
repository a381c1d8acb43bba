using Perilune.Storage.Sqlite.Search;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>
/// The threads of a store. The one that waits for writers ends first, those behind them last, since closing files wakes
/// none of these.
/// </summary>
/// <param name="notIndexed">Told which file cannot be indexed now, and why.</param>
/// <param name="notSettled">Told which file's runs cannot be settled, and why.</param>
internal sealed class StoreThreads(Action<string, Exception> notIndexed, Action<string, Exception> notSettled) : IAsyncDisposable
{
    public WriteThreads Writers { get; } = new(count: 4);

    public SearchThread Search { get; } = new(notIndexed);

    public CheckpointThread Checkpoints { get; } = new();

    public SettleThread Settling { get; } = new(notSettled);

    public async ValueTask DisposeAsync()
    {
        await Task.Run(Settling.Stop);
        await Writers.DisposeAsync();
        Settling.Dispose();
        await Task.Run(Search.Dispose);
        await Task.Run(Checkpoints.Dispose);
    }
}
