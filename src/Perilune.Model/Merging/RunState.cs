using System.Collections.ObjectModel;

namespace Perilune.Model.Merging;

/// <summary>
/// Everything that the events about one id have said so far. <see cref="Apply"/> is commutative, associative and
/// idempotent: the state depends on the set of events alone.
/// </summary>
public sealed class RunState
{
    private SortedDictionary<string, Stamped<Score>>? _scores;

    public required RunId Id { get; init; }

    public string? ClientId { get; set; }

    public Instant FirstReceived { get; set; } = Instant.MaxValue;

    /// <summary>Least client time of the events that begin something.</summary>
    public Instant? ClientStart { get; set; }

    /// <summary>Greatest client time of ends and errors.</summary>
    public Instant? ClientEnd { get; set; }

    /// <summary>Least client time of any event about the run.</summary>
    public Instant? FirstMentioned { get; set; }

    /// <summary>When the first end or error without a client time was received.</summary>
    public Instant? ReceivedEnd { get; set; }

    /// <summary>Some event told of the run itself; feedback, scores and edits may precede that.</summary>
    public bool Exists { get; set; }

    public Stamped<RunStatus> Completion { get; set; }

    public Stamped<string> Type { get; set; }

    public Stamped<string> Name { get; set; }

    public Stamped<RunId> Parent { get; set; }

    /// <summary>The thread that the run's trace is part of, as this run says.</summary>
    public Stamped<RunId> TraceThread { get; set; }

    public Stamped<Payload> Input { get; set; }

    public Stamped<Payload> Output { get; set; }

    public Stamped<Payload> Error { get; set; }

    public Stamped<Payload> Params { get; set; }

    public Stamped<Usage> Usage { get; set; }

    public Stamped<TimeSpan> TimeToFirstToken { get; set; }

    public Stamped<string> User { get; set; }

    public Stamped<string> TemplateVersionId { get; set; }

    public Stamped<string> Runtime { get; set; }

    public Stamped<bool> IsPublic { get; set; }

    public Stamped<ChatMessage> Message { get; set; }

    public Stamped<string> Provider { get; set; }

    public Stamped<string> ServedModel { get; set; }

    public Stamped<string> CallId { get; set; }

    public Stamped<IReadOnlyList<string>> FinishReasons { get; set; }

    public Stamped<long> GivenCost { get; set; }

    public Stamped<string> Service { get; set; }

    public Stamped<string> Environment { get; set; }

    public Stamped<string> Release { get; set; }

    public Stamped<bool> IsStructural { get; set; }

    public Stamped<Payload> Attributes { get; set; }

    /// <summary>The JSON as text: one string for all the runs of a process.</summary>
    public Stamped<string> Resource { get; set; }

    public JsonPatches Notes { get; } = new();

    public JsonPatches Metadata { get; } = new();

    public JsonPatches Feedback { get; } = new();

    public TagPatches Tags { get; } = new();

    public IReadOnlyDictionary<string, Stamped<Score>> Scores => _scores ?? (IReadOnlyDictionary<string, Stamped<Score>>)ReadOnlyDictionary<string, Stamped<Score>>.Empty;

    /// <summary>When the run began, as well as it is known: its start, else the first thing said about it, else its arrival.</summary>
    public Instant Start => ClientStart ?? FirstMentioned ?? FirstReceived;

    public Instant? End => ClientEnd ?? ReceivedEnd;

    public RunStatus Status =>
        Type.Value is RunTypes.Thread or RunTypes.Chat or RunTypes.CustomEvent or RunTypes.Log ? RunStatus.None
        : Completion.IsSet ? Completion.Value
        : RunStatus.Running;

    public void Apply(RunEvent e, StoredPayloads? stored = null)
    {
        var stamp = Stamp.Of(e);
        var definition = Stamp.OfDefinition(e);
        ApplyTimes(e);
        ClientId = Lesser(ClientId, e.ClientId);
        Exists |= TellsOfRun(e.Kind);
        if (e.Kind is RunEventKind.End or RunEventKind.Error)
        {
            Completion = Completion.Or(e.Kind is RunEventKind.Error ? RunStatus.Error : RunStatus.Success, stamp);
        }

        Type = Offer(Type, e.Type, definition);
        Name = Offer(Name, e.Name, definition);
        Parent = e.ParentId is { } parent ? Parent.Or(parent, definition) : Parent;
        TraceThread = e.TraceThreadId is { } thread ? TraceThread.Or(thread, definition) : TraceThread;
        User = Offer(User, e.UserId, definition);
        TemplateVersionId = Offer(TemplateVersionId, e.TemplateVersionId, definition);
        Runtime = Offer(Runtime, e.Runtime, definition);
        if (TellsOfRun(e.Kind))
        {
            // What waits for its run has no payloads: those would be of the feedback, not of the run.
            Input = Offer(Input, e.Input, stored?.Input, stamp);
            Output = Offer(Output, e.Output, stored?.Output, stamp);
            Error = Offer(Error, e.Error, stored?.Error, stamp);
            Params = Offer(Params, e.Params, stored?.Params, stamp);
            Attributes = Offer(Attributes, e.Attributes, stored?.Attributes, stamp);
        }

        Usage = Offer(Usage, e.Usage, stamp);
        TimeToFirstToken = e.TimeToFirstToken is { } ttft ? TimeToFirstToken.Or(ttft, stamp) : TimeToFirstToken;
        IsPublic = e.IsPublic is { } isPublic ? IsPublic.Or(isPublic, stamp) : IsPublic;
        Message = Offer(Message, e.Message, stamp);
        ApplyCircumstances(e, stored, stamp);
        ApplyPatches(e, stamp);
    }

    /// <summary>Takes over everything that <paramref name="other"/> knows; used where several ids turn out to be one thing.</summary>
    public void Absorb(RunState other)
    {
        FirstReceived = Instant.Min(FirstReceived, other.FirstReceived);
        ClientStart = Least(ClientStart, other.ClientStart);
        ClientEnd = Greatest(ClientEnd, other.ClientEnd);
        FirstMentioned = Least(FirstMentioned, other.FirstMentioned);
        ReceivedEnd = Least(ReceivedEnd, other.ReceivedEnd);
        Exists |= other.Exists;
        Completion = Completion.Or(other.Completion);
        User = User.Or(other.User);
        Runtime = Runtime.Or(other.Runtime);
        IsPublic = IsPublic.Or(other.IsPublic);
        TemplateVersionId = TemplateVersionId.Or(other.TemplateVersionId);
        Service = Service.Or(other.Service);
        Environment = Environment.Or(other.Environment);
        Release = Release.Or(other.Release);
        Resource = Resource.Or(other.Resource);
        Metadata.AddAll(other.Metadata);
        Feedback.AddAll(other.Feedback);
        Tags.AddAll(other.Tags);
        foreach (var (label, score) in other.Scores)
        {
            SetScore(label, score);
        }
    }

    public void SetScore(string label, Stamped<Score> score)
    {
        _scores ??= new SortedDictionary<string, Stamped<Score>>(StringComparer.Ordinal);
        _scores[label] = _scores.TryGetValue(label, out var old) ? old.Or(score) : score;
    }

    // Feedback, scores and edits are about a run that others tell of, and may come before it.
    private static bool TellsOfRun(RunEventKind kind) => kind is not (RunEventKind.Feedback or RunEventKind.Score or RunEventKind.Edit);

    private void ApplyTimes(RunEvent e)
    {
        FirstReceived = Instant.Min(FirstReceived, e.ReceivedAt);
        if (e.StartTime is { } start)
        {
            ClientStart = Least(ClientStart, start);
            FirstMentioned = Least(FirstMentioned, start);
        }

        var ends = e.Kind is RunEventKind.End or RunEventKind.Error;
        if (e.Time is not { } time)
        {
            ReceivedEnd = ends ? Least(ReceivedEnd, e.ReceivedAt) : ReceivedEnd;
            return;
        }

        FirstMentioned = Least(FirstMentioned, time);
        if (e.Kind is RunEventKind.Start or RunEventKind.Chat or RunEventKind.CustomEvent or RunEventKind.Log)
        {
            ClientStart = Least(ClientStart, time);
        }

        if (ends || e.Kind is RunEventKind.CustomEvent)
        {
            ClientEnd = Greatest(ClientEnd, time);
        }
    }

    private void ApplyCircumstances(RunEvent e, StoredPayloads? stored, Stamp stamp)
    {
        Provider = Offer(Provider, e.Provider, stamp);
        ServedModel = Offer(ServedModel, e.ServedModel, stamp);
        CallId = Offer(CallId, e.CallId, stamp);
        FinishReasons = Offer(FinishReasons, e.FinishReasons, stamp);
        GivenCost = e.GivenCost is { } cost ? GivenCost.Or(cost, stamp) : GivenCost;
        Service = Offer(Service, e.Service, stamp);
        Environment = Offer(Environment, e.Environment, stamp);
        Release = Offer(Release, e.Release, stamp);
        IsStructural = e.IsStructural is { } isStructural ? IsStructural.Or(isStructural, stamp) : IsStructural;
        Resource = e.Resource.IsAbsent ? Resource : Resource.Or(e.Resource.ToString(), stamp);
    }

    // Patches are copied: they are small, and as a part of the request's bytes they would keep all of it in memory.
    private void ApplyPatches(RunEvent e, Stamp stamp)
    {
        if (!e.Notes.IsAbsent)
        {
            Notes.Add(new JsonPatch(stamp, e.Notes.Detached(), Replaces: false));
        }

        if (!e.Metadata.IsAbsent)
        {
            Metadata.Add(new JsonPatch(stamp, e.Metadata.Detached(), Replaces: e.Kind is RunEventKind.Update));
        }

        if (!e.Feedback.IsAbsent)
        {
            Feedback.Add(new JsonPatch(stamp, e.Feedback.Detached(), Replaces: false));
        }

        if (e.Tags is { } tags)
        {
            Tags.Add(new TagPatch(stamp, tags, Replaces: e.Kind is RunEventKind.Edit));
        }

        if (e.Score is { } score)
        {
            SetScore(score.Label, new Stamped<Score>(score, stamp));
        }
    }

    private static Stamped<T> Offer<T>(Stamped<T> field, T? value, Stamp stamp)
        where T : class => value is null ? field : field.Or(value, stamp);

    private static Stamped<Payload> Offer(Stamped<Payload> field, RawJson json, object? stored, Stamp stamp) =>
        json.IsAbsent ? field : field.Or(stored is null ? new Payload(json, null) : new Payload(default, stored), stamp);

    // Two spellings of one id (upper and lower case) are one run; which spelling is shown must not depend on arrival.
    private static string? Lesser(string? a, string? b) =>
        a is null || (b is not null && string.CompareOrdinal(b, a) < 0) ? b : a;

    private static Instant? Least(Instant? a, Instant? b) => a is { } x && b is { } y ? Instant.Min(x, y) : a ?? b;

    private static Instant? Greatest(Instant? a, Instant? b) => a is { } x && b is { } y ? Instant.Max(x, y) : a ?? b;
}
