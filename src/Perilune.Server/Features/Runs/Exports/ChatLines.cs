using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Runs;

/// <summary>
/// A conversation per LLM call, <c>{"messages":[…]}</c>, as models are fine-tuned with. Calls whose input and output are no
/// messages or texts have no line.
/// </summary>
internal sealed class ChatLines : RunLines
{
    public override string ContentType => "application/jsonl; charset=utf-8";

    public override Task WriteAsync(MemoryStream line, Run run, RunRefs refs, CancellationToken cancellationToken)
    {
        var messages = new List<string>();
        if (Add(messages, run.Input, "user") && Add(messages, run.Output, "assistant"))
        {
            Write(line, $"{{\"messages\":[{string.Join(',', messages)}]}}".ReplaceLineEndings(" ") + "\n");
        }

        return Task.CompletedTask;
    }

    private static bool Add(List<string> messages, RawJson payload, string role)
    {
        if (!payload.HasValue)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(payload.Utf8, new JsonDocumentOptions { MaxDepth = 1000 });
            return Add(messages, document.RootElement, role);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Add(List<string> messages, JsonElement value, string role)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                messages.Add($"{{\"role\":\"{role}\",\"content\":{value.GetRawText()}}}");
                return true;
            case JsonValueKind.Object when value.TryGetProperty("role", out _):
                messages.Add(value.GetRawText());
                return true;
            case JsonValueKind.Array:
                return value.GetArrayLength() > 0 && value.EnumerateArray().All(item => Add(messages, item, role));
            default:
                return false;
        }
    }
}
