using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Prompts.Api;

internal static class PromptWrites
{
    public static Task<IResult> CreateAsync(HttpContext context, TemplateEditor editor, CancellationToken cancellationToken) =>
        WithBodyAsync(context, async body =>
        {
            if (!body.Has("content"))
            {
                throw new JsonBodyException("content", "is missing. Send a string, or an array of messages.");
            }

            var mode = Mode(body) ?? (body.Root.GetProperty("content").ValueKind == JsonValueKind.String ? TemplateMode.Text : TemplateMode.Chat);
            var outcome = await editor.CreateAsync(context.ProjectId(), body.Text("slug"), mode, Text(body), body.Flag("isDraft") is not true, cancellationToken);
            return outcome.Succeeded ? PromptReads.Answer(outcome.Value) : Refused(outcome.Error);
        },
        cancellationToken);

    public static Task<IResult> UpdateAsync(HttpContext context, Templates templates, TemplateEditor editor, string id, CancellationToken cancellationToken) =>
        WithBodyAsync(context, async body =>
        {
            if (PromptReads.Id(id) is not { } number || await templates.FindAsync(context.ProjectId(), number, cancellationToken) is null)
            {
                return PromptReads.NotFound;
            }

            var outcome = await editor.UpdateAsync(context.ProjectId(), number, body.Text("slug"), Mode(body), cancellationToken);
            return outcome.Succeeded ? PromptReads.Answer(outcome.Value) : Refused(outcome.Error);
        },
        cancellationToken);

    public static async Task<IResult> DeleteAsync(HttpContext context, TemplateEditor editor, string id, CancellationToken cancellationToken) =>
        PromptReads.Id(id) is { } number && (await editor.DeleteAsync(context.ProjectId(), number, cancellationToken)).Succeeded
            ? TypedResults.NoContent()
            : PromptReads.NotFound;

    public static Task<IResult> AddVersionAsync(HttpContext context, Templates templates, TemplateEditor editor, string id, CancellationToken cancellationToken) =>
        WithBodyAsync(context, async body =>
        {
            if (PromptReads.Id(id) is not { } number || await templates.FindAsync(context.ProjectId(), number, cancellationToken) is null)
            {
                return PromptReads.NotFound;
            }

            var outcome = await editor.AddVersionAsync(context.ProjectId(), number, Text(body), body.Flag("isDraft") is not true, cancellationToken);
            return outcome.Succeeded ? PromptReads.Answer(outcome.Value) : Refused(outcome.Error);
        },
        cancellationToken);

    public static Task<IResult> EditVersionAsync(HttpContext context, Templates templates, TemplateEditor editor, string id, CancellationToken cancellationToken) =>
        WithBodyAsync(context, async body =>
        {
            if (PromptReads.Id(id) is not { } number || await templates.FindVersionAsync(context.ProjectId(), number, cancellationToken) is null)
            {
                return PromptReads.NotFound;
            }

            var outcome = await editor.EditAsync(context.ProjectId(), number, Text(body), body.Flag("isDraft") is false, cancellationToken);
            return outcome.Succeeded ? PromptReads.Answer(outcome.Value) : Refused(outcome.Error);
        },
        cancellationToken);

    public static Task<IResult> LabelAsync(HttpContext context, Templates templates, TemplateEditor editor, string id, string label, CancellationToken cancellationToken) =>
        WithBodyAsync(context, async body =>
        {
            if (PromptReads.Id(id) is not { } number || await templates.FindAsync(context.ProjectId(), number, cancellationToken) is null)
            {
                return PromptReads.NotFound;
            }

            if (body.Number("version") is not { } version || version != decimal.Truncate(version) || version is < 1 or > int.MaxValue)
            {
                throw new JsonBodyException("version", "Send the number of a published version.");
            }

            var outcome = await editor.LabelAsync(context.ProjectId(), number, label, (int)version, cancellationToken);
            return outcome.Succeeded ? PromptReads.Answer(outcome.Value) : Refused(outcome.Error);
        },
        cancellationToken);

    public static async Task<IResult> UnlabelAsync(HttpContext context, TemplateEditor editor, string id, string label, CancellationToken cancellationToken) =>
        PromptReads.Id(id) is { } number && (await editor.UnlabelAsync(context.ProjectId(), number, label, cancellationToken)).Succeeded
            ? TypedResults.NoContent()
            : PromptReads.NotFound;

    private static async Task<IResult> WithBodyAsync(HttpContext context, Func<JsonBody, Task<IResult>> act, CancellationToken cancellationToken)
    {
        var (body, failure) = await JsonBody.ReadAsync(context.Request, cancellationToken);
        try
        {
            return body is null ? failure! : await act(body);
        }
        catch (JsonBodyException e)
        {
            return e.Answer;
        }
    }

    private static TemplateText Text(JsonBody body) => new(body.Raw("content"), body.Raw("extra"), body.Raw("testValues"), body.Text("notes"));

    private static TemplateMode? Mode(JsonBody body) => body.Text("mode") switch
    {
        null => null,
        "text" => TemplateMode.Text,
        "openai" => TemplateMode.Chat,
        var other => throw new JsonBodyException("mode", $"\"{other}\" is not known. Send text or openai."),
    };

    private static ProblemHttpResult Refused(string message) => ApiError.Of(StatusCodes.Status422UnprocessableEntity, message);
}
