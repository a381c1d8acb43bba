using Perilune.Model;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite.Settling;

/// <summary>Settles what is unsettled in one run file, beside its writer and through it.</summary>
/// <param name="file">The file.</param>
/// <param name="limits">How much at once.</param>
/// <param name="enqueue">Puts work in line for the writer; false when too much waits there, or it is gone.</param>
/// <param name="thread">Who does it.</param>
internal sealed class FileSettling(RunFile file, SettleLimits limits, Func<PendingWork, bool> enqueue, SettleThread thread)
{
    private const int RowBytes = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private volatile RunMoves? _moves;
    private volatile IReadOnlySet<RunId>? _traces;
    private int _isInLine;

    public string Path => file.Path;

    public bool IsClosed => file.IsClosed;

    /// <summary>The running pass, as long as it may go on. Only within the project's transactions.</summary>
    public SettlePass? Running { get; set; }

    /// <summary>Asks for a pass, unless one is about to come or under way.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _isInLine, 1) == 0)
        {
            _moves = new RunMoves(0, null);
            thread.Enqueue(this);
        }
    }

    /// <summary>Nothing is left to do, or nothing can be done now.</summary>
    public void Leave()
    {
        (_moves, _traces) = (null, null);
        Volatile.Write(ref _isInLine, 0);
    }

    /// <summary>How far it is; null when nothing is unsettled, or nothing of the trace.</summary>
    public RunMoves? MovesOf(RunId? trace) => trace is { } id && _traces is { } traces && !traces.Contains(id) ? null : _moves;

    /// <summary>Rewrites the rows that do not say what they are to say. True when another pass has to see whether all do.</summary>
    public bool Pass(CancellationToken stop)
    {
        var pass = new SettlePass();
        Write(writer => writer.BeginSettling(file, pass), 1, stop);
        if (pass.Last == 0)
        {
            return false;
        }

        _moves = new RunMoves(0, null);
        var plan = SettlePlan.Make(file.Path, pass.Last, limits.Most, stop);
        if (plan.TooLarge.Count > 0)
        {
            thread.Tell(file.Path, new InvalidOperationException($"More than {limits.Most} runs hang together with {plan.TooLarge[0].Id}: they stay where they are. Something gives all of them the same parent or thread; give each unit of work a trace of its own."));
        }

        if (plan.Moved > 0)
        {
            _traces = plan.Traces;
            var moved = 0L;
            foreach (var step in plan.Moves.Chunk(limits.Step))
            {
                _moves = new RunMoves(moved, plan.Moved);
                Write(writer => writer.Settle(file, pass, step), RowBytes * step.Length, stop);
                moved += step.Length;
            }

            return true;
        }

        foreach (var step in plan.Calls.Chunk(limits.Step))
        {
            Write(writer => writer.Settle(file, pass, step), RowBytes * step.Sum(calls => 1 + calls.Answer.Wrong.Count), stop);
        }

        var goesOn = false;
        Write(writer => goesOn = writer.EndSettling(file, pass), 1, stop);
        return goesOn;
    }

    // Waits for its turn like everyone who writes.
    private void Write(Action<ProjectWriter> work, long bytes, CancellationToken stop)
    {
        var pending = new PendingWork(work, bytes);
        while (!enqueue(pending))
        {
            ObjectDisposedException.ThrowIf(file.IsClosed, file);
            stop.WaitHandle.WaitOne(Pause);
            stop.ThrowIfCancellationRequested();
        }

        pending.Done.Task.WaitAsync(stop).GetAwaiter().GetResult();
    }
}
