using Perilune.Ingest.Otlp.Mapping.Agents;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage;

namespace Perilune.Ingest.Otlp;

/// <summary>
/// Sees to it that the usage of a session of Claude Code counts once: by its spans or log records where they came, whenever
/// they come, and else by its metrics. Within a project one request at a time decides: metrics look for calls and are stored
/// in one go, and calls are stored before they take metrics back. So of two at once the later sees the earlier.
/// </summary>
internal sealed class ClaudeCodeUsage(IRunStore store, TimeProvider clock)
{
    private const int Remembered = 10_000;
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private readonly RecentSessions _sessions = new(Remembered);

    /// <summary>Stores the metrics of those sessions that nothing else tells of.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored, and it has to be sent again.</exception>
    public Task CommitAsync(Guid project, OtlpBatch batch, Arrival arrival) => AloneAsync(project, async () =>
    {
        foreach (var session in batch.Metrics)
        {
            if (await IsToldAsync(project, session.Session))
            {
                batch.Leave();
            }
            else
            {
                batch.Keep(session);
            }
        }

        if (batch.Events.Count > 0)
        {
            await store.CommitAsync(project, batch.Events, arrival, CancellationToken.None);
        }
    });

    /// <summary>Takes back what metrics said of sessions whose calls are stored now.</summary>
    /// <exception cref="StoreUnavailableException">The calls have to be sent again.</exception>
    public async Task SettleAsync(Guid project, IReadOnlyCollection<string> sessions)
    {
        foreach (var session in sessions.Where(session => _sessions.Find(project, ClaudeCodeSession.MetricsRun(session)) is not true))
        {
            await AloneAsync(project, () => TakeBackAsync(project, session));
        }
    }

    private async Task<bool> IsToldAsync(Guid project, string session)
    {
        var run = ClaudeCodeSession.MetricsRun(session);
        if (_sessions.Find(project, run) is { } isTold)
        {
            // All calls come by here.
            return isTold;
        }

        var calls = new RunQuery
        {
            Scope = RunScope.Llm,
            Filter = new AndFilter([Is(FilterField.Thread, RunId.FromClient(session)), new NotFilter(Is(FilterField.Trace, run))]),
            Detail = RunDetail.None,
            Limit = 1,
        };
        if ((await store.ListAsync(project, calls, CancellationToken.None)).Runs.Count == 0)
        {
            _sessions.Set(project, run, isTold: false);
            return false;
        }

        await TakeBackAsync(project, session);
        return true;
    }

    // What was accepted stays in the ledger of usage when it is deleted, and plumbing was never in it.
    private async Task TakeBackAsync(Guid project, string session)
    {
        var run = ClaudeCodeSession.MetricsRun(session);
        var runs = await store.SubtreeAsync(project, run, RunDetail.None, CancellationToken.None);
        if (runs.Count > 0)
        {
            await store.CommitAsync(project, [.. runs.Select(Uncounted)], CancellationToken.None);
            await store.DeleteAsync(project, run, CancellationToken.None);
        }

        _sessions.Set(project, run, isTold: true);
    }

    private RunEvent Uncounted(Run run) => new()
    {
        Kind = RunEventKind.Edit,
        Id = run.Id,
        Time = run.End ?? run.Start,
        ReceivedAt = Instant.From(clock.GetUtcNow()),
        ContentHash = 0,
        Type = RunTypes.Plumbing,
        IsStructural = true,
    };

    private async Task AloneAsync(Guid project, Func<Task> act)
    {
        var gate = _gates[(uint)project.GetHashCode() % _gates.Length];
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            await act();
        }
        finally
        {
            gate.Release();
        }
    }

    private static FieldFilter Is(FilterField field, RunId id) => new(field, null, FilterOperator.Is, new FilterValue { Text = id.ToString() });
}
