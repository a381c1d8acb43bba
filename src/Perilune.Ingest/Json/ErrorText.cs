using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>Errors as a run has them: <c>{"message":…,"type":…,"stack":…}</c>.</summary>
internal static class ErrorText
{
    private static readonly string[] s_traces = ["Traceback (most recent call last)", "\n    at "];

    public static RawJson Of(string message, string? type = null, string? stack = null) =>
        new JsonObjectDraft().Add("message", message).Add("type", type).Add("stack", stack).ToJson();

    /// <summary>Splits what a framework wrote into one text: the message, an empty line or nothing, and where it happened.</summary>
    public static RawJson Split(string text)
    {
        var trace = s_traces.Select(trace => text.IndexOf(trace, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        var blank = trace < 0 ? -1 : text.IndexOf("\n\n", StringComparison.Ordinal);
        var end = trace < 0 ? text.Length : blank >= 0 && blank < trace ? blank : trace;
        var message = text[..end].TrimEnd();
        return message.Length == 0 || end == text.Length ? Of(text) : Of(message, stack: text[end..].TrimStart('\n'));
    }
}
