using System.Text;
using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>The tool calls that a message carries beside its content.</summary>
internal static class ToolCalls
{
    private const int MaxCalls = 100;
    private const int NameLimit = 200;
    private const int ArgumentsLimit = 256 * 1024;

    public static IEnumerable<Part> Of(JsonElement body)
    {
        var calls = body.Get("tool_calls", "toolCalls") ?? body.Get("additional_kwargs")?.Get("tool_calls");
        if (calls is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var call in list.EnumerateArray().Take(MaxCalls))
            {
                yield return call.ValueKind == JsonValueKind.Object ? Read(call) : PartReader.Json(call);
            }
        }

        if (body.Get("function_call", "functionCall") is { ValueKind: JsonValueKind.Object } function)
        {
            yield return Read(function);
        }
    }

    public static ToolCallPart Read(JsonElement call)
    {
        var function = call.Get("function") is { ValueKind: JsonValueKind.Object } nested ? nested : call;
        return new ToolCallPart(
            call.GetText(NameLimit, "id", "call_id", "toolCallId", "tool_call_id"),
            function.GetText(NameLimit, "name", "toolName") ?? "unnamed tool",
            function.Get("arguments", "args", "input") is { } arguments ? Arguments(arguments) : null);
    }

    /// <summary>Arguments are often JSON inside a string.</summary>
    private static JsonView Arguments(JsonElement arguments)
    {
        if (arguments.ValueKind == JsonValueKind.String && arguments.Text(ArgumentsLimit) is { IsCut: false } text && text.Text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            var view = JsonView.Of(new RawJson(Encoding.UTF8.GetBytes(text.Text)));
            if (view.Kind != JsonViewKind.Invalid)
            {
                return view;
            }
        }

        return JsonView.Of(arguments, JsonLimits.Page);
    }
}
