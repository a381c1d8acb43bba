namespace PeriluneSdk.Delivery;

/// <summary>Who waits until everything recorded so far is stored.</summary>
internal sealed class FlushWaiters(Counters counters)
{
    private readonly List<Waiter> _waiters = [];
    private bool _isEnded;

    public bool IsAsked
    {
        get
        {
            lock (_waiters)
            {
                return _waiters.Count > 0;
            }
        }
    }

    public async Task<bool> AddAsync(CancellationToken cancellationToken)
    {
        var waiter = new Waiter(counters.Added, counters.Dropped + counters.Refused);
        lock (_waiters)
        {
            if (_isEnded)
            {
                return counters.Settled >= waiter.Target;
            }

            _waiters.Add(waiter);
        }

        var cancelled = cancellationToken.UnsafeRegister(static (state, _) => ((Waiter)state!).Done.TrySetResult(false), waiter);
        await using (cancelled.ConfigureAwait(false))
        {
            var isDone = await waiter.Done.Task.ConfigureAwait(false);
            lock (_waiters)
            {
                _waiters.Remove(waiter);
            }

            return isDone;
        }
    }

    /// <param name="isNothingLeft">No waiting can be worth it, whatever the counts say.</param>
    public void Settle(bool isAllSent, bool isNothingLeft)
    {
        lock (_waiters)
        {
            foreach (var waiter in _waiters)
            {
                if (isAllSent && (isNothingLeft || counters.Settled >= waiter.Target))
                {
                    waiter.Done.TrySetResult(counters.Settled >= waiter.Target && counters.Dropped + counters.Refused == waiter.Lost);
                }
            }

            _waiters.RemoveAll(static waiter => waiter.Done.Task.IsCompleted);
        }
    }

    public void EndAll()
    {
        lock (_waiters)
        {
            _isEnded = true;
            foreach (var waiter in _waiters)
            {
                waiter.Done.TrySetResult(false);
            }
        }
    }

    private sealed record Waiter(long Target, long Lost)
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
