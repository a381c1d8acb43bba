using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;
using Perilune.Model;

namespace Perilune.Control;

/// <summary>What is known of each project's last re-pricing, so that one goes on after a restart.</summary>
public sealed class Repricings
{
    private readonly ControlStore _store;
    private readonly TimeProvider _time;

    internal Repricings(ControlStore store, TimeProvider time) => (_store, _time) = (store, time);

    /// <summary>The last one; null when there never was one.</summary>
    public Task<Repricing?> FindAsync(Guid project, CancellationToken cancellationToken) => _store.ReadAsync(async db =>
        await db.Repricings.SingleOrDefaultAsync(r => r.ProjectId == project, cancellationToken) is { } row ? ToRepricing(row) : null);

    /// <summary>Those that are to go on, the one that waits longest first.</summary>
    public async Task<IReadOnlyList<Repricing>> RunningAsync(CancellationToken cancellationToken)
    {
        // Mostly there is none, as every start asks.
        if (!_store.ReadSql(db => db.Any("SELECT 1 FROM repricings WHERE State = @1", nameof(RepricingState.Running))))
        {
            return [];
        }

        var rows = await _store.ReadAsync(db => db.Repricings.Where(r => r.State == RepricingState.Running).ToListAsync(cancellationToken));
        return [.. rows.OrderBy(row => row.Started).Select(ToRepricing)];
    }

    /// <param name="project">The project.</param>
    /// <param name="from">Calls that began then or later; null for all before.</param>
    /// <param name="to">Calls that began earlier; null for all after.</param>
    /// <param name="expected">How many calls these are.</param>
    /// <param name="cancellationToken">Stops the waiting for a turn to write.</param>
    public Task<Outcome<Repricing>> StartAsync(Guid project, Instant? from, Instant? to, long expected, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<Repricing>>(
        async db =>
        {
            if (to <= from)
            {
                return new Refusal("The last day is before the first. Nothing was priced anew.");
            }

            var row = await db.Repricings.SingleOrDefaultAsync(r => r.ProjectId == project, cancellationToken);
            if (row?.State == RepricingState.Running)
            {
                return new Refusal("Calls are being priced anew already. Stop that first, or wait until it is done.");
            }

            if (row is null)
            {
                row = new RepricingRow { ProjectId = project };
                db.Repricings.Add(row);
            }

            (row.Id, row.State, row.Failure, row.Started, row.Ended) = (Guid.CreateVersion7(), RepricingState.Running, null, _time.GetUtcNow(), null);
            (row.From, row.To, row.Expected) = (from?.ToDateTimeOffset(), to?.ToDateTimeOffset(), expected);
            Write(row, new RepricingProgress(null, null, 0, 0, 0, 0));
            return ToRepricing(row);
        },
        cancellationToken);

    /// <summary>Notes how far it came. False when it is not to go on: it was stopped, or its project is gone.</summary>
    /// <param name="done">It has come to its end.</param>
    public Task<bool> ProgressAsync(Repricing repricing, RepricingProgress progress, bool done, CancellationToken cancellationToken) => EditAsync(
        repricing,
        row =>
        {
            Write(row, progress);
            (row.State, row.Ended) = done ? (RepricingState.Done, _time.GetUtcNow()) : (row.State, row.Ended);
        },
        cancellationToken);

    /// <summary>Ends it because of an error that trying again does not mend.</summary>
    public Task<bool> FailAsync(Repricing repricing, string reason, CancellationToken cancellationToken) => EditAsync(
        repricing, row => (row.State, row.Failure, row.Ended) = (RepricingState.Failed, reason, _time.GetUtcNow()), cancellationToken);

    public Task<Outcome<string>> StopAsync(Guid project, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<string>>(
        async db =>
        {
            if (await db.Repricings.SingleOrDefaultAsync(r => r.ProjectId == project && r.State == RepricingState.Running, cancellationToken) is not { } row)
            {
                return new Refusal("No calls are being priced anew.");
            }

            (row.State, row.Ended) = (RepricingState.Stopped, _time.GetUtcNow());
            return "stopped";
        },
        cancellationToken);

    private Task<bool> EditAsync(Repricing repricing, Action<RepricingRow> edit, CancellationToken cancellationToken) => _store.WriteAsync(
        async db =>
        {
            var row = await db.Repricings.SingleOrDefaultAsync(r => r.ProjectId == repricing.Project && r.Id == repricing.Id && r.State == RepricingState.Running, cancellationToken);
            if (row is not null)
            {
                edit(row);
            }

            return row is not null;
        },
        cancellationToken);

    private static void Write(RepricingRow row, RepricingProgress progress) =>
        (row.Stamp, row.Cursor, row.Calls, row.Changed, row.Before, row.After) = (progress.Stamp, progress.Cursor, progress.Calls, progress.Changed, progress.Before, progress.After);

    private static Repricing ToRepricing(RepricingRow row) => new(
        row.ProjectId,
        row.Id,
        row.State,
        row.Failure,
        row.Started,
        row.Ended,
        row.From is { } from ? Instant.From(from) : null,
        row.To is { } to ? Instant.From(to) : null,
        row.Expected,
        new RepricingProgress(row.Stamp, row.Cursor, row.Calls, row.Changed, row.Before, row.After));
}

public enum RepricingState
{
    Running,
    Done,
    Stopped,
    Failed,
}

/// <param name="From">Calls that began then or later; null for all before.</param>
/// <param name="To">Calls that began earlier; null for all after.</param>
/// <param name="Expected">How many calls these were when it began.</param>
public sealed record Repricing(
    Guid Project, Guid Id, RepricingState State, string? Failure, DateTimeOffset Started, DateTimeOffset? Ended, Instant? From, Instant? To, long Expected, RepricingProgress Progress);

/// <summary>How far a re-pricing came. What a killed process did after it was last noted is done again, which changes nothing, and then not counted as changed.</summary>
/// <param name="Stamp">Of the prices that it goes by; others make it begin anew.</param>
/// <param name="Cursor">Where it goes on; null at the beginning.</param>
/// <param name="Calls">That were looked at.</param>
/// <param name="Changed">That got another cost.</param>
/// <param name="Before">Nano-USD of the changed calls.</param>
/// <param name="After">The same, as it is now.</param>
public sealed record RepricingProgress(string? Stamp, string? Cursor, long Calls, long Changed, decimal Before, decimal After);
