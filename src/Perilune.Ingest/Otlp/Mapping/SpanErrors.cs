using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

internal static class SpanErrors
{
    public const string ExceptionEvent = "exception";

    /// <summary>Whether the span failed, by its status or what its library says in place of one.</summary>
    public static bool IsError(OtlpSpan span, AttributeSet set) =>
        span.StatusCode == 2 ||
        (span.StatusCode != 1 && (set.Has(Field.ErrorType) || span.Events.Exists(e => e.Name == ExceptionEvent))) ||
        Coerce.Text(set.Peek(Field.Level)) is "ERROR" ||
        Coerce.Flag(set.Peek(Field.Success)) is false;

    public static RawJson Read(OtlpSpan span, AttributeSet set)
    {
        var exception = span.Events.FindLast(e => e.Name == ExceptionEvent).Attributes ?? [];
        var message = span.StatusMessage.Length > 0 ? span.StatusMessage : Text(exception, "exception.message") ?? set.TakeText(Field.ErrorMessage, int.MaxValue);
        var type = set.TakeText(Field.ErrorType, RunText.Name) ?? Text(exception, "exception.type");
        return Compose(message ?? type ?? "The span failed and says no more.", type, Text(exception, "exception.stacktrace"));
    }

    public static RawJson Compose(string message, string? type, string? stack) => JsonWriting.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("message", message);
        if (type is not null)
        {
            json.WriteString("type", type);
        }

        if (stack is not null)
        {
            json.WriteString("stack", stack);
        }

        json.WriteEndObject();
    });

    public static string? Text(IReadOnlyList<OtlpAttribute> attributes, string name)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Key.Name == name)
            {
                return Coerce.Text(attribute.Value);
            }
        }

        return null;
    }
}
