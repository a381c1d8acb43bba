using OpenTelemetry;

namespace PeriluneSdk.Delivery;

/// <summary>
/// Sends what waits, on one background task: batch after batch, each until the server has it. While the server cannot be
/// reached, what waits stays in the queue, or goes to the spool where there is one.
/// </summary>
internal sealed class DeliveryLoop(
    WaitingQueue queue, Collector collector, Sender sender, Spool? spool, Counters counters, DeliveryLog log, PeriluneOptions options, TimeProvider time)
    : IAsyncDisposable
{
    private const int MaxAttempts = 8;

    private readonly LinkedList<Batch> _outbox = new();
    private readonly Pause _pause = new(time);
    private readonly FlushWaiters _flushes = new(counters);
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private Task? _running;
    private long _waitingSince;
    private int _isWoken;
    private bool _isSpoolFull;
    private volatile bool _stopping;

    public bool IsFailing => _pause.IsFailing;

    public void Start()
    {
        // The scope of whoever happens to start the client is none of the loop's.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Adds without waiting; what has no room is dropped and counted.</summary>
    public void Add(Waiting item)
    {
        if (_stopping || !queue.TryAdd(item, out var held))
        {
            counters.Drop(1);
            return;
        }

        counters.Add();
        if (held == 1 || held == options.MaxBatchItems)
        {
            Wake();
        }
    }

    public Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = _flushes.AddAsync(cancellationToken);
        Wake();
        return flushed;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        Wake();
        if (_running is { } running)
        {
            _stop.CancelAfter(options.ShutdownTimeout);
            await running.ConfigureAwait(false);
        }

        LeaveBehind();
        _flushes.EndAll();
        sender.Dispose();
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync()
    {
        using var unseen = SuppressInstrumentationScope.Begin();
        var hasHurried = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await WaitAsync().ConfigureAwait(false);
                if (_stopping && !hasHurried)
                {
                    hasHurried = true;
                    _pause.End();
                }

                await DeliverAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Nothing may end the loop while the application runs.
            catch (Exception error)
#pragma warning restore CA1031
            {
                log.Broken(error);
                _pause.Lengthen(null);
            }

            log.Lost(counters.Dropped, "there was no room for them. Raise MaxQueueItems and MaxQueueBytes, or set SpoolDirectory.");
            _flushes.Settle(isAllSent: _outbox.Count == 0 && spool is null or { IsEmpty: true }, isNothingLeft: queue.Held == 0 && queue.IsEmpty);
            if (_stopping && _outbox.Count == 0 && queue.IsEmpty)
            {
                return;
            }
        }
    }

    private async Task WaitAsync()
    {
        while (true)
        {
            Interlocked.Exchange(ref _isWoken, 0);
            var left = UntilWork();
            if (left == TimeSpan.Zero || (await _wake.WaitAsync(left, _stop.Token).ConfigureAwait(false) && UntilWork() == TimeSpan.Zero))
            {
                return;
            }
        }
    }

    private TimeSpan UntilWork()
    {
        _waitingSince = queue.IsEmpty ? 0 : _waitingSince == 0 ? time.GetTimestamp() : _waitingSince;
        var linger = queue.IsEmpty ? Timeout.InfiniteTimeSpan
            : _flushes.IsAsked || _stopping || queue.Count >= options.MaxBatchItems ? TimeSpan.Zero
            : Positive(options.FlushInterval - time.GetElapsedTime(_waitingSince));
        var retry = _outbox.Count > 0 || spool is { IsEmpty: false } ? _pause.Left : Timeout.InfiniteTimeSpan;
        if ((spool is null || _isSpoolFull) && linger != Timeout.InfiniteTimeSpan && linger < _pause.Left)
        {
            linger = _pause.Left;
        }

        var nothing = _stopping || _flushes.IsAsked ? TimeSpan.Zero : Timeout.InfiniteTimeSpan;
        return linger == Timeout.InfiniteTimeSpan && retry == Timeout.InfiniteTimeSpan ? nothing
            : linger == Timeout.InfiniteTimeSpan ? retry
            : retry == Timeout.InfiniteTimeSpan || linger < retry ? linger
            : retry;
    }

    private async Task DeliverAsync()
    {
        while (_pause.Left == TimeSpan.Zero)
        {
            if (_outbox.First is { Value: var batch })
            {
                batch.Attempts++;
                var outcome = await sender.SendAsync(batch.Kind, sender.Body(batch), _stop.Token).ConfigureAwait(false);
                Take(batch, outcome);
            }
            else if (spool?.TryOpen() is { } kept)
            {
                using (kept)
                {
                    Take(kept, await sender.SendAsync(kept.Kind, kept.Body, _stop.Token).ConfigureAwait(false));
                }
            }
            else if (!Collect())
            {
                return;
            }
        }

        KeepOnDisk();
    }

    private bool Collect()
    {
        _waitingSince = 0;
        foreach (var batch in collector.Collect())
        {
            _outbox.AddLast(batch);
        }

        return _outbox.Count > 0;
    }

    private void Take(Batch batch, Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Stored:
                Succeed(batch.Items.Count, outcome);
                Settle(batch);
                break;
            case OutcomeKind.Unfit or OutcomeKind.LaterOrUnfit when batch.Items.Count > 1 && IsUnfit(batch, outcome):
                var (first, second) = batch.Halves();
                _outbox.RemoveFirst();
                _outbox.AddFirst(second);
                _outbox.AddFirst(first);
                break;
            case OutcomeKind.Unfit or OutcomeKind.LaterOrUnfit when IsUnfit(batch, outcome):
                Refuse(batch.Items.Count, outcome.Reason);
                Settle(batch);
                break;
            default:
                Fail(outcome);
                break;
        }
    }

    private void Take(SpooledRequest kept, Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Stored:
                Succeed(kept.Items, outcome);
                kept.Delete();
                break;
            case OutcomeKind.Unfit:
                Refuse(kept.Items, outcome.Reason);
                kept.Delete();
                break;
            default:
                Fail(outcome);
                break;
        }
    }

    private static bool IsUnfit(Batch batch, Outcome outcome) => outcome.Kind == OutcomeKind.Unfit || batch.Attempts >= MaxAttempts;

    private void Succeed(int items, Outcome outcome)
    {
        _pause.Succeed();
        log.Working();
        var refused = Math.Clamp(outcome.Refused, 0, items);
        counters.Store(items - refused);
        if (refused > 0)
        {
            Refuse(refused, outcome.Reason);
        }
    }

    private void Refuse(long items, string? reason)
    {
        counters.Refuse(items);
        log.Refused(items, reason ?? "the server did not say why");
    }

    private void Fail(Outcome outcome)
    {
        _pause.Lengthen(outcome.RetryAfter);
        log.Failing(outcome.Reason ?? "no answer.", queue.Held);
    }

    private void Settle(Batch batch)
    {
        _outbox.Remove(batch);
        queue.Release(batch.Items.Count, batch.Cost);
        counters.Settle(batch.Items.Count);
    }

    /// <summary>Moves everything to the spool, as far as that has room.</summary>
    private void KeepOnDisk()
    {
        if (spool is null)
        {
            return;
        }

        do
        {
            while (_outbox.First is { Value: var batch })
            {
                _isSpoolFull = !spool.TryAdd(batch.Kind, batch.Items.Count, sender.Body(batch));
                if (_isSpoolFull)
                {
                    return;
                }

                Settle(batch);
            }
        }
        while (!queue.IsEmpty && Collect());
    }

    private void LeaveBehind()
    {
        KeepOnDisk();
        var left = queue.Held;
        if (left > 0)
        {
            counters.Drop(left);
            log.LostAtEnd(left, log.Reason ?? "there was no time left. Raise ShutdownTimeout, or set SpoolDirectory.");
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (ObjectDisposedException)
            {
                // Said to a client that has ended.
            }
        }
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
