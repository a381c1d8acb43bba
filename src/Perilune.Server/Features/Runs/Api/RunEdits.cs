using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>Changes to runs that exist. Each becomes an event, so that it merges with whatever the run's client still sends.</summary>
internal static class RunEdits
{
    private const int MaxLabel = 256;
    private const int MaxTags = 256;

    public static Task<IResult> FeedbackAsync([AsParameters] RunLookup lookup, TimeProvider time) =>
        EditAsync(lookup, time, static (body, run) =>
            body is { ValueKind: JsonValueKind.Object or JsonValueKind.Null }
                ? run with { Kind = RunEventKind.Feedback, Feedback = Raw(body) }
                : throw new EditException("feedback", "Send an object such as {\"thumb\":\"up\",\"comment\":\"…\"}, or null to remove the feedback."));

    public static Task<IResult> ScoreAsync([AsParameters] RunLookup lookup, TimeProvider time) =>
        EditAsync(lookup, time, static (body, run) =>
        {
            var label = Text(Member(body, "label"), "label");
            if (label is null or "" || label.Length > MaxLabel)
            {
                throw new EditException("label", $"Send the score's name, a text of 1 to {MaxLabel} characters.");
            }

            var value = Member(body, "value");
            return value.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False
                ? run with { Kind = RunEventKind.Score, Score = new Score(label, Raw(value), Text(Member(body, "comment"), "comment")) }
                : throw new EditException("value", "Send a number, a text, true or false.");
        });

    public static Task<IResult> TagsAsync([AsParameters] RunLookup lookup, TimeProvider time) =>
        EditAsync(lookup, time, static (body, run) =>
        {
            var tags = Member(body, "tags");
            return tags switch
            {
                { ValueKind: JsonValueKind.Null } => run with { Kind = RunEventKind.Edit, Tags = [] },
                { ValueKind: JsonValueKind.Array } when tags.GetArrayLength() <= MaxTags => run with
                {
                    Kind = RunEventKind.Edit,
                    Tags = [.. tags.EnumerateArray().Select(tag => Text(tag, "tags") ?? throw new EditException("tags", "A tag is a text, not null.")).Distinct(StringComparer.Ordinal)],
                },
                _ => throw new EditException("tags", $"Send an array of at most {MaxTags} texts, or null for none."),
            };
        });

    public static Task<IResult> VisibilityAsync([AsParameters] RunLookup lookup, TimeProvider time) =>
        EditAsync(lookup, time, static (body, run) => run with
        {
            Kind = RunEventKind.Edit,
            IsPublic = Member(body, "visibility") switch
            {
                { ValueKind: JsonValueKind.True } => true,
                { ValueKind: JsonValueKind.False } => false,
                { ValueKind: JsonValueKind.String } word when word.ValueEquals("public") => true,
                { ValueKind: JsonValueKind.String } word when word.ValueEquals("private") => false,
                _ => throw new EditException("visibility", "Send true (anyone with the link may see the run) or false."),
            },
        });

    public static async Task<IResult> DeleteAsync([AsParameters] RunLookup lookup)
    {
        var (run, failure) = await lookup.FindAsync();
        if (run is null)
        {
            return failure!;
        }

        await lookup.Store.DeleteAsync(lookup.Project, run.Id, lookup.CancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> EditAsync(RunLookup lookup, TimeProvider time, Func<JsonElement, RunEvent, RunEvent> edit)
    {
        var body = await ReadBodyAsync(lookup.Context.Request, lookup.CancellationToken);
        var now = Instant.From(time.GetUtcNow());
        RunEvent change;
        try
        {
            using var document = JsonDocument.Parse(body);
            change = edit(document.RootElement, new()
            {
                Kind = RunEventKind.Edit,
                Id = RunId.None,
                Time = now,
                ReceivedAt = now,
                ContentHash = XxHash3.HashToUInt64(body),
            });
        }
        catch (JsonException error)
        {
            return ApiError.Of(StatusCodes.Status400BadRequest, $"The body is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        }
        catch (EditException error)
        {
            return ApiError.Unprocessable(error.Property, error.Message);
        }
        catch (InvalidOperationException)
        {
            return ApiError.Unprocessable("body", "A text holds half of a surrogate pair. Send valid Unicode.");
        }

        var (run, failure) = await lookup.FindAsync();
        if (run is null)
        {
            return failure!;
        }

        await lookup.Store.CommitAsync(lookup.Project, [change with { Id = run.Id }], lookup.CancellationToken);
        return EmptyShape.Answer;
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static JsonElement Member(JsonElement body, string name) =>
        body.ValueKind is not JsonValueKind.Object ? throw new EditException("body", $"Send an object with \"{name}\".")
        : body.TryGetProperty(name, out var value) ? value
        : default;

    private static string? Text(JsonElement element, string property) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => element.GetString(),
        _ => throw new EditException(property, "Send a text."),
    };

    private static RawJson Raw(JsonElement element) => new(JsonMarshal.GetRawUtf8Value(element).ToArray());

    /// <summary>The body is JSON, but not what was asked for.</summary>
    private sealed class EditException(string property, string message) : Exception(message)
    {
        public string Property => property;
    }
}
