using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Server.Ui;
using Perilune.Server.Ui.Json;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>One row of the list.</summary>
/// <param name="Totals">For threads and the roots of traces: what all that hangs below adds up to.</param>
public sealed record RunRow(Run Run, string Url, string Input, string Output, Feedback? Feedback, RunTotals? Totals)
{
    public long? Tokens => Totals is null ? Run.Usage?.Total : Totals.Tokens;

    public long? Cost => Totals is null ? Run.Cost : Totals.Cost;

    /// <summary>What tells a thread from others: its clients' own name for it.</summary>
    public string ThreadName => Run.ClientId ?? Run.Id.ToString();

    public string Name => !string.IsNullOrWhiteSpace(Run.Name) ? Run.Name : Run.Type.Length > 0 ? Run.Type : "unnamed";

    public bool IsError => Run.Status == RunStatus.Error;

    /// <param name="marks">What was searched for, to be seen in the previews.</param>
    /// <param name="lastChat">For a thread: its latest chat, which has the texts that the thread has not.</param>
    internal static RunRow Of(Guid project, Run run, SearchMarks marks, Run? lastChat = null, RunTotals? totals = null)
    {
        var source = lastChat ?? run;
        return new RunRow(
            run,
            RunLinks.Run(project, run, marks.Query),
            Preview.OfInput(source.Input, marks),
            run.Status == RunStatus.Error && run.Error.HasValue ? Preview.OfError(run.Error) : Preview.OfOutput(source.Output, marks),
            Feedback.Of(run.Feedback),
            totals);
    }
}

/// <param name="Thumb"><c>up</c>, <c>down</c> or null.</param>
public sealed record Feedback(string? Thumb, string? Comment)
{
    internal static Feedback? Of(RawJson json)
    {
        if (!json.IsObject)
        {
            return null;
        }

        var view = JsonView.Of(json);
        var thumb = Text(view, "thumb")?.ToLowerInvariant();
        var comment = Text(view, "comment");
        return thumb is "up" or "down" || comment is not null ? new Feedback(thumb is "up" or "down" ? thumb : null, comment) : null;
    }

    private static string? Text(JsonView view, string name) =>
        view.Members.FirstOrDefault(m => m.Name == name && m.Value.Kind == JsonViewKind.String)?.Value.Text.Text is { Length: > 0 } text ? text : null;
}
