namespace Perilune.Model;

public enum RunEventKind : byte
{
    // The order is the rank that breaks ties between events of the same time (see Stamp).
    Log = 0,
    CustomEvent = 1,
    Start = 2,
    Chat = 3,
    Update = 4,
    End = 5,
    Error = 6,
    Feedback = 7,
    Score = 8,

    /// <summary>An edit through our own API: tags, visibility.</summary>
    Edit = 9,

    /// <summary>
    /// What was said beside a run, such as a log record of a span: it fills in what the run's own events leave open,
    /// whenever it arrives.
    /// </summary>
    Note = 10,
}

/// <summary>
/// What one client message says about one run. Every wire decodes to this, and nothing behind the decoders knows which
/// wire it was. Null or an absent <see cref="RawJson"/> means "not said".
/// </summary>
public sealed record RunEvent
{
    public required RunEventKind Kind { get; init; }

    /// <summary>The run (or chat message) the event is about. Events sent without an id get one from their content.</summary>
    public required RunId Id { get; init; }

    /// <summary>The id as sent, when it is not the canonical form of <see cref="Id"/>.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's time of the event; null when it sent none.</summary>
    public Instant? Time { get; init; }

    /// <summary>When the run began, in an end or error that tells of the whole run.</summary>
    public Instant? StartTime { get; init; }

    public required Instant ReceivedAt { get; init; }

    /// <summary>A 64-bit hash of the event's bytes: the last tie-breaker of merging, equal for resends.</summary>
    public required ulong ContentHash { get; init; }

    /// <summary>Sent with the project's public key, which anyone may have read in a browser; a store then refuses to rewrite runs.</summary>
    public bool ByPublicKey { get; init; }

    public string? Type { get; init; }

    public string? Name { get; init; }

    public RunId? ParentId { get; init; }

    /// <summary>The thread that the trace of the run is part of, where the run stands below another and its root may not say so.</summary>
    public RunId? TraceThreadId { get; init; }

    /// <summary>Set when <see cref="TraceThreadId"/>, or else <see cref="ParentId"/>, is a thread, which then exists because of this event.</summary>
    public ThreadFacts? Thread { get; init; }

    public RawJson Input { get; init; }

    public RawJson Output { get; init; }

    public RawJson Error { get; init; }

    public RawJson Params { get; init; }

    /// <summary>Merged key by key with what is there; replaces it wholly in an <see cref="RunEventKind.Update"/>.</summary>
    public RawJson Metadata { get; init; }

    public Usage? Usage { get; init; }

    public TimeSpan? TimeToFirstToken { get; init; }

    public string? UserId { get; init; }

    public RawJson UserProps { get; init; }

    /// <summary>Added to the run's tags; replaces them in an <see cref="RunEventKind.Edit"/>.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>An object merged key by key; a null value clears its key. JSON null clears all.</summary>
    public RawJson Feedback { get; init; }

    public Score? Score { get; init; }

    public string? TemplateVersionId { get; init; }

    public string? Runtime { get; init; }

    /// <summary>Who served the model, as the client names it.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that the provider says it used, where it differs from or adds to the one asked for (<see cref="Name"/>).</summary>
    public string? ServedModel { get; init; }

    /// <summary>The provider's id: of the response for a model call, of the tool call for a tool.</summary>
    public string? CallId { get; init; }

    /// <summary>Why the model stopped, one per choice, as sent.</summary>
    public IReadOnlyList<string>? FinishReasons { get; init; }

    /// <summary>The client's own number for what the call cost, in nano-USD.</summary>
    public long? GivenCost { get; init; }

    /// <summary>The name of the service that ran it.</summary>
    public string? Service { get; init; }

    public string? Environment { get; init; }

    public string? Release { get; init; }

    /// <summary>The run is plumbing (an HTTP request, a socket): kept and folded away, and never counted.</summary>
    public bool? IsStructural { get; init; }

    /// <summary>A JSON object of what the client sent and no other field holds.</summary>
    public RawJson Attributes { get; init; }

    /// <summary>A JSON object about the process that sent it, the same for many runs.</summary>
    public RawJson Resource { get; init; }

    /// <summary>
    /// A JSON object of notes by sort key. A note may have the members event, time, attributes, and of messages that are
    /// logged one by one also input or output: a message (see <see cref="Merging.RunNotes"/>).
    /// </summary>
    public RawJson Notes { get; init; }

    public bool? IsPublic { get; init; }

    public ChatMessage? Message { get; init; }
}

/// <summary>
/// One message of a thread. The event's <see cref="RunEvent.Id"/> is the message id and its
/// <see cref="RunEvent.ParentId"/> the thread.
/// </summary>
/// <param name="Role">As sent: user, assistant, tool, system…</param>
/// <param name="Raw">The whole message object as sent.</param>
/// <param name="IsRetry">The message replaces the previous answer (or question) instead of following it.</param>
public sealed record ChatMessage(string Role, RawJson Raw, bool IsRetry);

/// <summary>What an event in a thread says about the thread.</summary>
/// <param name="ClientId">The thread's id as sent, when it is not canonical.</param>
public sealed record ThreadFacts(string? ClientId, IReadOnlyList<string>? Tags, RawJson Metadata);
