namespace Perilune.Model;

/// <summary>A run as it stands after every event about it was merged.</summary>
public sealed record Run
{
    public required RunId Id { get; init; }

    /// <summary>The id as its client sent it, when it was not already a canonical UUID.</summary>
    public string? ClientId { get; init; }

    /// <summary>The topmost ancestor below any chat or thread; the run itself when it has none.</summary>
    public required RunId TraceId { get; init; }

    /// <summary>The parent as sent, with message ids resolved to their chat; also when that parent has not arrived yet.</summary>
    public RunId? ParentId { get; init; }

    /// <summary>The chat that this chat was sent to replace (a retried answer).</summary>
    public RunId? SiblingId { get; init; }

    /// <summary>See <see cref="RunTypes"/>. Empty while only an end, a feedback or a score has arrived.</summary>
    public required string Type { get; init; }

    public RunStatus Status { get; init; }

    /// <summary>The model that an LLM call asked for; the name of an agent, tool, chain, retriever or event.</summary>
    public string? Name { get; init; }

    public required Instant Start { get; init; }

    /// <summary>The start as lists order it: clamped to a sane distance from the arrival (see <see cref="ListTime"/>).</summary>
    public required Instant ListedAt { get; init; }

    public Instant? End { get; init; }

    public TimeSpan? Duration => End is { } end ? end - Start : null;

    public TimeSpan? TimeToFirstToken { get; init; }

    public RawJson Input { get; init; }

    public RawJson Output { get; init; }

    public RawJson Error { get; init; }

    public RawJson Params { get; init; }

    public RawJson Metadata { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>Nano-USD; null while unknown.</summary>
    public long? Cost { get; init; }

    public Attribution User { get; init; }

    /// <summary>The thread this run belongs to, by its own or an ancestor's word.</summary>
    public RunId? ThreadId { get; init; }

    /// <summary>Of a thread, how many messages were sent in it; null for any other run.</summary>
    public int? Messages { get; init; }

    /// <summary>As sent on the run.</summary>
    public TagList Tags { get; init; } = TagList.None;

    /// <summary>The run's tags and those of the runs above it: what it is found and counted by.</summary>
    public TagList EffectiveTags { get; init; } = TagList.None;

    /// <summary>An object such as <c>{"thumb":"up","comment":"…"}</c>, or absent.</summary>
    public RawJson Feedback { get; init; }

    public IReadOnlyList<Score> Scores { get; init; } = [];

    /// <summary>The prompt template version that the client named, as sent.</summary>
    public string? TemplateVersionId { get; init; }

    /// <summary>The SDK that sent the run, e.g. <c>lunary-js</c>.</summary>
    public string? Runtime { get; init; }

    /// <summary>Who served the model, as the client names it.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that the provider says it used; it is the one that is priced.</summary>
    public string? ServedModel { get; init; }

    /// <summary>The provider's id: of the response for a model call, of the tool call for a tool.</summary>
    public string? CallId { get; init; }

    public IReadOnlyList<string> FinishReasons { get; init; } = [];

    /// <summary>
    /// The call is reported by another run of the trace, too, and counted there: tokens and cost of this run are left out of
    /// sums. See <see cref="Traces.CountedCalls"/>.
    /// </summary>
    public bool IsRepeat { get; init; }

    /// <summary>The client's own number for what the call cost, in nano-USD.</summary>
    public long? GivenCost { get; init; }

    public string? Service { get; init; }

    public Attribution Environment { get; init; }

    public string? Release { get; init; }

    /// <summary>Plumbing, such as an HTTP request: folded away, and never counted.</summary>
    public bool IsStructural { get; init; }

    /// <summary>A JSON object of what the client sent and no other member holds.</summary>
    public RawJson Attributes { get; init; }

    /// <summary>A JSON object about the process that sent the run.</summary>
    public RawJson Resource { get; init; }

    /// <summary>A JSON object of what was logged beside the run, by time.</summary>
    public RawJson Notes { get; init; }

    public bool IsPublic { get; init; }
}

/// <summary>A label, a value (a JSON number, string or boolean) and why.</summary>
public sealed record Score(string Label, RawJson Value, string? Comment);

/// <summary>A user id or an environment, and whether the run named it itself or got it from its trace.</summary>
/// <param name="Own">As sent on the run.</param>
/// <param name="Effective">Own, else the nearest ancestor's, else the root's, else that of the earliest run of the trace that has one.</param>
public readonly record struct Attribution(string? Own, string? Effective)
{
    public bool IsInherited => Own is null && Effective is not null;
}
