using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Storage;

namespace Perilune.Server.Features.Threads;

/// <summary>
/// What was said in a trace that hangs on the thread itself, as OpenTelemetry's clients send conversations: a trace for each
/// turn, and no chat messages.
/// </summary>
/// <param name="Root">The trace's first run.</param>
/// <param name="Question">The last thing the user said to the first model call, or else what the root was given; may be empty.</param>
/// <param name="Answer">The last text of the model, or else what the root gave; may be empty.</param>
/// <param name="Use">What the trace used.</param>
public sealed record Exchange(Run Root, Conversation Question, Conversation Answer, RunTotals? Use = null) : ThreadEntry(Root.Start)
{
    /// <param name="root">A run that hangs on a thread.</param>
    /// <param name="trace">The runs of its trace, with their payloads.</param>
    /// <returns>Null when nothing is said in it: an event, or work without a model call.</returns>
    internal static Exchange? Of(Run root, IEnumerable<Run> trace)
    {
        var calls = trace.Where(run => run.Type == RunTypes.Llm && !run.IsRepeat).OrderBy(run => run.Start).ThenBy(run => run.Id).ToList();
        if (calls.Count == 0)
        {
            return null;
        }

        var question = Last(calls.Find(run => run.Input.HasValue)?.Input ?? default, "user");
        var answer = Last(calls.FindLast(run => run.Output.HasValue)?.Output ?? default, "assistant");
        return new Exchange(
            root,
            question.Messages.Count > 0 ? question : MessageReader.Read(root.Input, "user"),
            answer.Messages.Count > 0 ? answer : MessageReader.Read(root.Output, "assistant"));
    }

    // Of the whole history that a call sends, what is new.
    private static Conversation Last(RawJson payload, string role) =>
        MessageReader.Read(payload, role).Messages.LastOrDefault(message => message.Role == role && message.Parts.Any(part => part is TextPart or ImagePart or MediaPart or RefusalPart)) is { } message
            ? new Conversation([message])
            : Conversation.Empty;
}
