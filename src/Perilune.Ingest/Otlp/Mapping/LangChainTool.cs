using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// LangChain's tracers name a tool after its class and leave out which call it answers. The message that comes out of the
/// tool knows both: <c>{"lc":1,"id":[…,"ToolMessage"],"kwargs":{"name":…,"tool_call_id":…}}</c>.
/// </summary>
internal static class LangChainTool
{
    public static (string? Name, string? CallId) Read(RawJson output)
    {
        var message = EventMessages.Member(output, "output"u8) is { IsObject: true } inner ? inner : output;
        var id = EventMessages.Member(message, "id"u8);
        if (EventMessages.Member(message, "lc"u8).IsAbsent || !id.IsArray || Coerce.Texts(OtlpValue.Of(id.Utf8), 16, RunText.Label) is not [.., "ToolMessage"])
        {
            return default;
        }

        var kwargs = EventMessages.Member(message, "kwargs"u8);
        return (Text(kwargs, "name"u8, RunText.Name), Text(kwargs, "tool_call_id"u8, RunText.Id));
    }

    private static string? Text(RawJson kwargs, ReadOnlySpan<byte> name, int maxLength) =>
        EventMessages.Member(kwargs, name) is { IsAbsent: false } value && value.Span[0] == (byte)'"' && Coerce.Texts(OtlpValue.Of(RawJson.ArrayOf([value]).Utf8), 1, maxLength) is [var text] ? text : null;
}
