using System.Text.Json;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Merging;
using Perilune.Model.Traces;

namespace Perilune.Storage;

/// <summary>Turns what events said (<see cref="RunState"/>) and where a run belongs (<see cref="TracePlace"/>) into a <see cref="Run"/>.</summary>
internal static class RunProjection
{
    /// <param name="cost">As it was priced when it was written, in nano-USD.</param>
    public static Run ToRun(RunState state, TracePlace place, RunId? parent, long? cost) => new()
    {
        Id = state.Id,
        ClientId = state.ClientId,
        TraceId = place.TraceId,
        ThreadId = place.ThreadId,
        ParentId = parent,
        Type = state.Type.Value ?? "",
        Status = state.Status,
        Name = state.Name.Value,
        Start = state.Start,
        ListedAt = ListTime.Of(state.Start, state.FirstReceived),
        End = state.End,
        TimeToFirstToken = state.TimeToFirstToken.IsSet ? state.TimeToFirstToken.Value : null,
        Input = state.Input.IsSet ? state.Input.Value.Json : RunNotes.Input(state.Notes),
        Output = state.Output.IsSet ? state.Output.Value.Json : RunNotes.Output(state.Notes),
        Error = state.Error.Value.Json,
        Params = state.Params.Value.Json,
        Metadata = state.Metadata.Merged,
        Usage = state.Usage.Value,
        Cost = cost,
        User = new Attribution(state.User.Value, place.Labels.User),
        Tags = state.Tags.Merged,
        EffectiveTags = place.Labels.Tags,
        Feedback = state.Feedback.Merged,
        Scores = [.. state.Scores.Values.Select(s => s.Value)],
        TemplateVersionId = state.TemplateVersionId.Value,
        Runtime = state.Runtime.Value,
        IsPublic = state.IsPublic.Value,
        Provider = state.Provider.Value,
        ServedModel = state.ServedModel.Value,
        CallId = state.CallId.Value,
        FinishReasons = state.FinishReasons.Value ?? [],
        GivenCost = state.GivenCost.IsSet ? state.GivenCost.Value : null,
        Service = state.Service.Value,
        Environment = new Attribution(state.Environment.Value, place.Labels.Environment),
        Release = state.Release.Value,
        IsStructural = state.IsStructural.Value,
        Attributes = state.Attributes.Value.Json,
        Resource = state.Resource.IsSet ? RawJson.Parse(state.Resource.Value) : default,
        Notes = state.Notes.Merged,
    };

    /// <summary>What the run says of itself that holds for the runs below it, too.</summary>
    public static RunLabels LabelsOf(RunState state) => new(state.User.Value, state.Environment.Value, state.Tags.Merged);

    /// <summary>What the run adds to the counts, null for nothing; the same as <see cref="CountedRun.Of(Run)"/> of the whole run.</summary>
    public static CountedRun? ToCounted(RunState state, RunLabels labels, long? cost, bool isRepeat) => state.IsStructural.Value ? null : CountedRun.Of(
        new CountedRun
        {
            Quarter = Quarter.Of(ListTime.Of(state.Start, state.FirstReceived)),
            Type = state.Type.Value ?? "",
            Name = state.Name.Value,
            Status = state.Status,
            Duration = state.End is { } end ? end.Micros - state.Start.Micros : null,
            FirstToken = state.TimeToFirstToken.IsSet ? (long)state.TimeToFirstToken.Value.TotalMicroseconds : null,
            User = labels.User,
            Tags = labels.Tags,
            Template = state.TemplateVersionId.Value,
            Runtime = state.Runtime.Value,
            Environment = labels.Environment,
            Thumb = CountedRun.ThumbOf(state.Feedback.Merged),
            IsRepeat = isRepeat,
        },
        state.Usage.Value,
        cost);

    /// <summary>The run with no more of its payloads than asked for.</summary>
    public static Run Cut(Run run, RunDetail detail) => detail switch
    {
        RunDetail.None => run with { Input = default, Output = default, Error = default, Params = default, Attributes = default },
        RunDetail.Preview when run.Type == RunTypes.Llm && run.Input.IsArray => run with { Input = LastElement(run.Input), Attributes = default },
        RunDetail.Preview => run with { Attributes = default },
        _ => run,
    };

    /// <summary>The array with only its last element, as that was written; the array itself when it has fewer than two.</summary>
    public static RawJson LastElement(RawJson array)
    {
        var reader = new Utf8JsonReader(array.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        var (count, last) = (0, default(Range));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            last = start..(int)reader.BytesConsumed;
            count++;
        }

        return count < 2 ? array : new RawJson((byte[])[(byte)'[', .. array.Span[last], (byte)']']);
    }

    /// <summary>
    /// The run that a chat is shown as: what was said about each of its own messages, and the messages themselves as
    /// input and output. <paramref name="message"/> finds a message's state.
    /// </summary>
    public static RunState ToChatState(Chat chat, RunId thread, IReadOnlyList<RunId> own, Func<RunId, RunState> message)
    {
        var state = new RunState { Id = chat.Id, Exists = true, ClientId = message(chat.Id).ClientId };
        foreach (var id in own)
        {
            state.Absorb(message(id));
            state.ClientEnd = state.ClientEnd is { } end ? Instant.Max(end, message(id).Start) : message(id).Start;
        }

        var chatStamp = new Stamp(Defines: true, HasTime: false, default, RunEventKind.Chat, 0);
        state.Type = new Stamped<string>(RunTypes.Chat, chatStamp);
        state.Parent = new Stamped<RunId>(thread, chatStamp);
        return state;
    }

    /// <summary>The messages a chat owns: all, except questions that a retry shares with the chat it replaces.</summary>
    public static IReadOnlyList<RunId> OwnMessages(Chat chat) =>
        chat.SiblingId is not null && chat.Questions.Count > 0 && chat.Questions[0] != chat.Id
            ? chat.Answers
            : [.. chat.Questions, .. chat.Answers];
}
