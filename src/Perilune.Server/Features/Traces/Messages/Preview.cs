using System.Text;
using Perilune.Model;
using Perilune.Model.Words;
using Perilune.Server.Ui;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>One line that tells what a payload says.</summary>
internal static class Preview
{
    private const int Limit = 160;

    /// <summary>Characters before what was searched for: it has to be in sight in a narrow column.</summary>
    private const int Before = 9;

    /// <summary>Payloads above this are not parsed for a line in a list.</summary>
    private const int ParseLimit = 256 * 1024;

    /// <summary>What was asked: the last thing the user said, else the last message.</summary>
    public static string OfInput(RawJson input, SearchMarks? marks = null)
    {
        var messages = Messages(input, "user");
        var line = messages is null ? Beginning(input)
            : Line(messages.LastOrDefault(m => m.Role is "user" && Says(m)) ?? messages.LastOrDefault(Says) ?? Last(messages));
        return Found(input, line, marks);
    }

    /// <summary>What was answered.</summary>
    public static string OfOutput(RawJson output, SearchMarks? marks = null)
    {
        var messages = Messages(output, "assistant");
        return Found(output, messages is null ? Beginning(output) : Line(messages.LastOrDefault(Says) ?? Last(messages)), marks);
    }

    /// <summary>The message of an error, whatever its client wrapped it in.</summary>
    public static string OfError(RawJson error)
    {
        var view = error.HasValue ? JsonView.Of(error) : null;
        var text = view?.Members.FirstOrDefault(m => m.Name is "message" && m.Value.Kind is JsonViewKind.String)?.Value
            ?? view?.Members.FirstOrDefault(m => m.Name is "stack" or "error" && m.Value.Kind is JsonViewKind.String)?.Value ?? view;
        return text is null ? "" : Flatten(text.IsContainer ? Compact(text) : text.Text.Text);
    }

    /// <summary>The line, or where the payload says what was searched for when the line does not say it near its beginning.</summary>
    private static string Found(RawJson payload, string line, SearchMarks? marks)
    {
        if (marks is not { IsEmpty: false } || payload.Utf8.Length > ParseLimit || marks.First(line) <= Before)
        {
            return line;
        }

        using var texts = new PayloadTexts(payload.Span);
        while (texts.MoveNext())
        {
            if (!texts.IsOfVector && marks.First(texts.Current) is { } at)
            {
                return Around(texts.Current, at);
            }
        }

        return line;
    }

    private static string Around(ReadOnlySpan<char> text, int at)
    {
        var from = Math.Max(0, at - Before);
        var word = from == 0 ? 0 : text[from..at].IndexOf(' ') + 1;
        var rest = text[(from + word)..];
        return (from == 0 ? "" : "… ") + Flatten(rest[..Math.Min(rest.Length, Limit * 2)].ToString());
    }

    private static IReadOnlyList<Message>? Messages(RawJson payload, string role) =>
        payload.Utf8.Length > ParseLimit ? null : MessageReader.Read(payload, role).Messages;

    private static Message? Last(IReadOnlyList<Message> messages) => messages.Count > 0 ? messages[^1] : null;

    private static bool Says(Message message) => message.Parts.Any(p => p is TextPart { Text.Text.Length: > 0 });

    private static string Line(Message? message)
    {
        var line = new StringBuilder();
        foreach (var part in message?.Parts ?? [])
        {
            if (line.Length >= Limit)
            {
                break;
            }

            line.Append(line.Length > 0 ? " " : "").Append(Of(part));
        }

        return Flatten(line.ToString());
    }

    private static string Of(Part part) => part switch
    {
        TextPart text => Head(MediaReference.InWords(Head(text.Text.Text))),
        ThinkingPart => "",
        RefusalPart refusal => Head(refusal.Text.Text),
        ToolCallPart call => $"{call.Name}({(call.Arguments is { } arguments ? Arguments(arguments) : "")})",
        ToolResultPart result => string.Join(' ', result.Content.Take(3).Select(Of)),
        ImagePart => "[image]",
        MediaPart medium => MediaReference.InWords(medium),
        DocumentPart document => $"[{document.Title ?? document.Source ?? document.Id ?? "document"}]",
        JsonPart json => Compact(json.Value),
        _ => "",
    };

    private static string Arguments(JsonView arguments) => arguments.Kind == JsonViewKind.Object
        ? string.Join(", ", arguments.Members.Take(8).Select(m => $"{m.Name}: {Compact(m.Value)}"))
        : Compact(arguments);

    private static string Compact(JsonView value, int depth = 4) => value.Kind switch
    {
        JsonViewKind.Object when depth == 0 => "{…}",
        JsonViewKind.Array when depth == 0 => "[…]",
        JsonViewKind.Object => "{" + string.Join(", ", value.Members.Take(8).Select(m => $"{m.Name}: {Compact(m.Value, depth - 1)}")) + "}",
        JsonViewKind.Array => "[" + string.Join(", ", value.Members.Take(8).Select(m => Compact(m.Value, depth - 1))) + "]",
        JsonViewKind.String => $"\"{Head(value.Text.Text)}\"",
        _ => Head(value.Text.Text),
    };

    private static string Beginning(RawJson payload) => Flatten(JsonText.Decode(payload.Span[..Math.Min(payload.Utf8.Length, Limit * 4)], Limit * 2).Text);

    private static string Head(string text) => text.Length <= Limit * 2 ? text : text[..(Limit * 2)];

    private static string Flatten(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Limit + 1));
        var gap = false;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                gap = line.Length > 0;
                continue;
            }

            if (line.Length >= Limit)
            {
                return line.Append('…').ToString();
            }

            line.Append(gap ? " " : "").Append(c);
            gap = false;
        }

        return line.ToString();
    }
}
