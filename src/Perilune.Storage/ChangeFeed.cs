using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Perilune.Storage;

/// <summary>Hands commits to whoever watches a project. Bounded per watcher: when one lags, its oldest changes are dropped.</summary>
internal sealed class ChangeFeed
{
    private const int Backlog = 256;
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<RunChange>, bool>> _watchers = new();

    public void Publish(Guid project, RunChange change)
    {
        if (!_watchers.TryGetValue(project, out var watchers))
        {
            return;
        }

        foreach (var watcher in watchers.Keys)
        {
            watcher.Writer.TryWrite(change);
        }
    }

    public bool IsWatched(Guid project) => _watchers.TryGetValue(project, out var watchers) && !watchers.IsEmpty;

    public async IAsyncEnumerable<RunChange> SubscribeAsync(Guid project, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<RunChange>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        var watchers = _watchers.GetOrAdd(project, static _ => new());
        watchers[channel] = true;
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            watchers.TryRemove(channel, out _);
        }
    }
}
