using Perilune.Ingest.Langfuse;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Makes events of spans. One per request: it remembers the resource it saw last.</summary>
internal sealed class SpanMapper(Instant receivedAt)
{
    private readonly AttributeSet _set = new();
    private readonly List<RawJson> _inputs = [];
    private readonly List<RawJson> _outputs = [];
    private (OtlpResource Resource, OtlpScope Scope, ResourceFacts Facts)? _last;

    /// <summary>The run that the span is, and the scores that its events give.</summary>
    public void Map(OtlpResource resource, OtlpScope scope, OtlpSpan span, List<RunEvent> events)
    {
        _set.Load(span.Attributes);
        ReadEvents(span, events);
        var facts = FactsOf(resource, scope);
        var type = SpanType.Of(scope, span, _set);
        var isStructural = SpanType.IsStructural(type);
        var name = SpanNames.Of(type, span, _set);
        var start = OtlpTime.Of(span.Start) ?? OtlpTime.Of(span.End) ?? receivedAt;
        var end = OtlpTime.Of(span.End) is { } sent ? Instant.Max(sent, start) : (Instant?)null;
        var isError = SpanErrors.IsError(span, _set);
        var (parent, traceThread, thread) = Place(span);
        var (user, tags) = (_set.TakeText(Field.User, RunText.Id), SpanCircumstances.Tags(_set));

        // What is left of free names when those with a meaning are taken.
        var metadata = SpanCircumstances.Metadata(_set);
        TakeKinds();
        var run = new RunEvent
        {
            Kind = end is null ? RunEventKind.Start : isError ? RunEventKind.Error : RunEventKind.End,
            Id = OtlpIds.Of(span.TraceId.Span, span.SpanId.Span),
            ClientId = OtlpIds.ClientId(span.TraceId.Span, span.SpanId.Span),
            Time = end ?? start,
            StartTime = end is null ? null : start,
            ReceivedAt = receivedAt,
            ContentHash = span.ContentHash,
            Type = type,
            Name = name,
            ParentId = parent,
            TraceThreadId = traceThread,
            Thread = thread,
            Error = isError ? SpanErrors.Read(span, _set) : default,
            Usage = isStructural ? null : SpanUsage.Read(_set),
            GivenCost = isStructural ? null : SpanUsage.Cost(_set),
            Provider = SpanNames.Provider(_set.TakeText(Field.Provider, RunText.Label)),
            ServedModel = RunTypes.IsModelCall(type) ? _set.TakeText(Field.ServedModel, RunText.Name) : null,
            CallId = RunTypes.IsModelCall(type) ? _set.TakeText(Field.ResponseId, RunText.Id) : type == RunTypes.Tool ? _set.TakeText(Field.ToolCallId, RunText.Id) : null,
            FinishReasons = isStructural || !_set.Has(Field.FinishReasons) ? null : Coerce.Texts(_set.Take(Field.FinishReasons), RunText.Tags, RunText.Label),
            UserId = user ?? SpanCircumstances.UserOf(metadata),
            Tags = tags,
            TimeToFirstToken = SpanCircumstances.TimeToFirstToken(_set, start),
            TemplateVersionId = SpanCircumstances.Template(_set),
            Environment = _set.TakeText(Field.Environment, RunText.Label) ?? facts.Environment,
            Release = _set.TakeText(Field.Release, RunText.Label) ?? facts.Release,
            Service = facts.Service,
            Runtime = facts.Runtime.Length > 0 ? facts.Runtime : null,
            IsStructural = isStructural ? true : null,
            Input = SpanContent.Input(type, _set, _inputs, isCut: span.DroppedAttributes > 0),
            Output = SpanContent.Output(type, _set, _outputs),
            Params = SpanContent.Parameters(_set),
            Metadata = metadata,
            Resource = facts.Json,
            Attributes = SpanCircumstances.Rest(span, _set, name, facts, keepsTimes: span.Start == 0 || (span.End != 0 && span.End < span.Start)) is var rest && rest.Utf8.Length > 2 ? rest : default,
        };
        if (!OtlpIds.IsSpan(span.ParentSpanId.Span) && MediaEvents.Holder(run, Convert.ToHexStringLower(span.TraceId.Span)) is { } holder)
        {
            events.Add(holder);
        }

        events.Add(type == RunTypes.Tool && run.CallId is null && LangChainTool.Read(run.Output) is { CallId: { } call } tool ? run with { Name = tool.Name ?? name, CallId = call } : run);
    }

    private void ReadEvents(OtlpSpan span, List<RunEvent> events)
    {
        _inputs.Clear();
        _outputs.Clear();
        foreach (var e in span.Events)
        {
            if (EventMessages.RoleOf(e.Name) is { } role)
            {
                (e.Name == EventMessages.Choice ? _outputs : _inputs).Add(EventMessages.Message(role, default, e.Attributes));
            }
            else if (EventMessages.IsDetails(e.Name))
            {
                _set.Append(e.Attributes);
            }
            else if (Evaluation.Read(e.Name, e.Attributes) is { } score)
            {
                events.Add(Evaluation.Event(score, OtlpIds.Of(span.TraceId.Span, span.SpanId.Span), OtlpTime.Of(e.Time), receivedAt, span.ContentHash + (ulong)events.Count));
            }
        }
    }

    /// <summary>
    /// A span without a parent stands below the message that it answers, or in its conversation; one below another says of
    /// its trace that it is part of the conversation.
    /// </summary>
    private (RunId? Parent, RunId? TraceThread, ThreadFacts? Thread) Place(OtlpSpan span)
    {
        var message = _set.TakeText(Field.ParentRun, RunText.Id);
        var isBelow = OtlpIds.IsSpan(span.ParentSpanId.Span);
        if (!isBelow && message is not null)
        {
            return (RunId.FromClient(message), null, null);
        }

        var parent = isBelow ? OtlpIds.Of(span.TraceId.Span, span.ParentSpanId.Span) : (RunId?)null;
        if (_set.TakeText(Field.Thread, RunText.Id) is not { } thread)
        {
            return (parent, null, null);
        }

        var id = RunId.FromClient(thread);
        var facts = new ThreadFacts(thread == id.ToString() ? null : thread, null, default);
        return isBelow ? (parent, id, facts) : (id, null, facts);
    }

    // The words that told the type are told by it.
    private void TakeKinds()
    {
        if (_set.Has(Field.Kind) && Coerce.Text(_set.Peek(Field.Kind)) is { } word && TypeWords.Of(word) is not null && _set.NameOf(Field.Kind) is "gen_ai.operation.name" or "openinference.span.kind")
        {
            _set.Take(Field.Kind);
        }
    }

    private ResourceFacts FactsOf(OtlpResource resource, OtlpScope scope)
    {
        if (_last is not { } last || last.Resource != resource || last.Scope != scope)
        {
            _last = last = (resource, scope, ResourceFacts.Of(resource, scope));
        }

        return last.Facts;
    }
}
