using System.Text;
using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces;

/// <summary>What a model call sent that the call before it did not. Each call of a conversation sends all of it again.</summary>
/// <param name="Unchanged">Messages at the beginning that both calls sent.</param>
/// <param name="Removed">What only the call before sent, after those.</param>
/// <param name="Added">What only this call sent, after those.</param>
/// <param name="ParamsBefore">Readable JSON; null when the parameters are the same.</param>
public sealed record TurnChanges(Run Previous, int Unchanged, Conversation Removed, Conversation Added, string? ParamsBefore, string? ParamsAfter)
{
    public bool ChangedModel(Run run) => run.Name != Previous.Name;

    internal static TurnChanges Of(Run previous, Run run)
    {
        var (before, after) = (Messages(previous.Input), Messages(run.Input));
        var same = 0;
        while (same < before.Count && same < after.Count && before[same] == after[same])
        {
            same++;
        }

        var sameParams = previous.Params.Span.SequenceEqual(run.Params.Span);
        return new TurnChanges(
            previous,
            same,
            Read(before.Skip(same)),
            Read(after.Skip(same)),
            sameParams ? null : Readable(previous.Params),
            sameParams ? null : Readable(run.Params));
    }

    private static List<string> Messages(RawJson input)
    {
        if (!input.HasValue)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(input.Utf8, JsonReading.Options);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(m => m.GetRawText())]
                : [document.RootElement.GetRawText()];
        }
        catch (JsonException)
        {
            return [Encoding.UTF8.GetString(input.Span)];
        }
    }

    private static Conversation Read(IEnumerable<string> messages) =>
        messages.ToList() is { Count: > 0 } some ? MessageReader.Read(new RawJson(Encoding.UTF8.GetBytes($"[{string.Join(',', some)}]")), "user") : Conversation.Empty;

    private static string Readable(RawJson json)
    {
        if (!json.HasValue)
        {
            return "";
        }

        try
        {
            using var document = JsonDocument.Parse(json.Utf8, JsonReading.Options);
            using var text = new MemoryStream();
            using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true, SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                document.RootElement.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(json.Span);
        }
    }
}
