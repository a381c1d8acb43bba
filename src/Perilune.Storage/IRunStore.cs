using Perilune.Model;
using Perilune.Model.Filtering;

namespace Perilune.Storage;

/// <summary>
/// Keeps runs, merged from events in any order, per project. A project is named by its id (its public key); projects
/// never see each other's runs. Every read sees every commit that completed before it, but for the places of runs that are
/// still being moved (<see cref="MovesOf"/>).
/// </summary>
public partial interface IRunStore : IAsyncDisposable
{
    /// <summary>
    /// Stores the events; completes when all of them are durable. When it fails, some may have been stored: sending all
    /// of them again adds what is missing and changes nothing else. Events that a public key may not send are left out,
    /// and returned with their reasons (<see cref="RunEvent.ByPublicKey"/>).
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store can take nothing now: its queue or the disk is full, or it is read-only.</exception>
    Task<IReadOnlyList<EventRefusal>> CommitAsync(Guid project, IReadOnlyList<RunEvent> events, CancellationToken cancellationToken);

    /// <summary>Runs that match, in the asked order, at most <see cref="RunQuery.Limit"/>.</summary>
    Task<RunPage> ListAsync(Guid project, RunQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// How many runs match <paramref name="scope"/> and <paramref name="filter"/>, exactly; null when that took longer
    /// than <paramref name="budget"/>.
    /// </summary>
    Task<long?> CountAsync(Guid project, RunScope scope, Filter filter, TimeSpan budget, CancellationToken cancellationToken);

    /// <summary>The run, chat (by any of its messages' ids) or thread with this id.</summary>
    Task<Run?> FindAsync(Guid project, RunId id, CancellationToken cancellationToken);

    /// <summary>The run and everything below it, by start time.</summary>
    Task<IReadOnlyList<Run>> SubtreeAsync(Guid project, RunId id, RunDetail detail, CancellationToken cancellationToken);

    /// <summary>Sums over each of these traces or threads; those that hold no runs are left out.</summary>
    Task<IReadOnlyDictionary<RunId, RunTotals>> TotalsAsync(Guid project, RunGroup group, IReadOnlyCollection<RunId> ids, CancellationToken cancellationToken);

    /// <summary>Removes the run and everything below it, and refuses later events about them. Returns how many runs went.</summary>
    Task<int> DeleteAsync(Guid project, RunId id, CancellationToken cancellationToken);

    /// <summary>End users whose runs were stored, last seen first.</summary>
    Task<IReadOnlyList<EndUser>> UsersAsync(Guid project, IReadOnlyCollection<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Removes an end user with all runs that are counted for it, and refuses later events about these; completes when
    /// nothing of it is left in the files. Returns how many runs and messages went.
    /// </summary>
    Task<int> EraseUserAsync(Guid project, string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Shows no run any more that began before <paramref name="since"/>, nor users last seen before it. Bytes go by the
    /// file, when all runs of a file are older. There is no way back: an earlier time changes nothing.
    /// </summary>
    Task ForgetAsync(Guid project, Instant since, CancellationToken cancellationToken);

    /// <summary>Removes the project and its data.</summary>
    Task DeleteProjectAsync(Guid project, CancellationToken cancellationToken);

    /// <summary>What was committed, as it happens; a slow reader misses changes rather than holding up writers.</summary>
    IAsyncEnumerable<RunChange> ChangesAsync(Guid project, CancellationToken cancellationToken);

    /// <summary>Whether events can be accepted now; the reason when not.</summary>
    StoreHealth Health { get; }
}

/// <param name="Index">Which of the events that were to be stored.</param>
/// <param name="Reason">What was wrong and what to do, for its sender.</param>
public sealed record EventRefusal(int Index, string Reason);

/// <summary>What part of the runs a question is about.</summary>
public enum RunScope
{
    /// <summary>Runs of every type, threads and chats included.</summary>
    All,

    /// <summary>LLM calls, each once: without runs that repeat a call another one reports.</summary>
    Llm,

    /// <summary>Roots of traces: topmost runs below any thread or chat, except bare logs and custom events.</summary>
    Traces,

    /// <summary>Threads.</summary>
    Threads,
}

/// <summary>How much of a run's payloads is wanted.</summary>
public enum RunDetail
{
    /// <summary>No input, output, error or parameters.</summary>
    None,

    /// <summary>Everything, except that the input of an LLM call that is a list of messages is cut down to its last one.</summary>
    Preview,

    Full,
}

public enum RunSort { Start, Duration, Tokens, Cost }

public sealed record RunQuery
{
    public RunScope Scope { get; init; } = RunScope.All;

    public Filter Filter { get; init; } = Filter.All;

    public RunSort Sort { get; init; } = RunSort.Start;

    public bool Ascending { get; init; }

    public RunDetail Detail { get; init; } = RunDetail.Preview;

    /// <summary>1 to 1,000.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Rows to skip, for page-numbered clients. Prefer <see cref="After"/>.</summary>
    public int Offset { get; init; }

    /// <summary>The <see cref="RunPage.Next"/> of the page before.</summary>
    public string? After { get; init; }

    /// <summary>An <see cref="After"/> that goes on behind this run, whichever page it is on.</summary>
    public static string CursorOf(Run run, RunSort sort) => RunPosition.Of(run, sort).ToCursor();

    /// <summary>Whether <paramref name="text"/> has the form of a <see cref="RunPage.Next"/>.</summary>
    public static bool IsCursor(string text) => RunPosition.TryParseCursor(text, out _);
}

/// <param name="Next">Opaque; null on the last page.</param>
/// <param name="SearchedBackTo">Set when a search ran out of its time budget: runs older than this were not looked at.</param>
public sealed record RunPage(IReadOnlyList<Run> Runs, string? Next, Instant? SearchedBackTo);

public sealed record EndUser(string Id, Instant FirstSeen, Instant LastSeen, RawJson Props);

public enum RunGroup { Trace, Thread }

/// <param name="Runs">Runs of every type; in a thread also its chats, without the thread itself.</param>
/// <param name="Chats">Chats among them.</param>
/// <param name="Tokens">Of model calls, so that nothing is counted twice; null when none gave any.</param>
/// <param name="Cost">Nano-USD of model calls; null when none has a cost.</param>
/// <param name="LastChat">The chat that lists have before the others; null when there is none.</param>
public sealed record RunTotals(int Runs, int Chats, int Errors, long? Tokens, long? Cost, RunId? LastChat);

/// <summary>Runs that a commit touched.</summary>
public sealed record RunChange(IReadOnlyList<RunId> Runs, IReadOnlyList<RunId> Traces);

public sealed record StoreHealth(bool CanWrite, string? Reason);

/// <summary>Nothing was stored and nothing is wrong with the events: send them again later.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
