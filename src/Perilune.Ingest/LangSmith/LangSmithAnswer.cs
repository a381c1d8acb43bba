using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.LangSmith;

/// <summary>
/// What a model answered: LangChain's generations with a serialised message in them, a completion or response of OpenAI's
/// client, a message by itself.
/// </summary>
internal sealed class LangSmithAnswer(JsonElement? outputs)
{
    // LangChain's own ids of messages, where the provider gave none.
    private static readonly string[] s_ownIds = ["run-", "run--", "lc_run--"];

    private readonly JsonElement? _message = Message(outputs);

    public string? ServedModel => Meta("model_name"u8).Text(RunText.Name) ?? Meta("model"u8).Text(RunText.Name) ?? outputs.Get("model"u8).Text(RunText.Name);

    /// <summary>The provider's id of the response.</summary>
    public string? ResponseId =>
        (Meta("id"u8).Text(RunText.Id) ?? _message.Get("id"u8).Text(RunText.Id) ?? outputs.Get("id"u8).Text(RunText.Id)) is { } id &&
        !Array.Exists(s_ownIds, own => id.StartsWith(own, StringComparison.Ordinal)) ? id : null;

    public IReadOnlyList<string>? FinishReasons
    {
        get
        {
            string?[] reasons =
            [
                .. outputs.Get("generations"u8).First().Items().Select(generation => generation.Get("generationInfo"u8).Get("finish_reason"u8).Text(RunText.Label) ??
                    generation.Get("generation_info"u8).Get("finish_reason"u8).Text(RunText.Label)),
                .. outputs.Get("choices"u8).Items().Select(choice => choice.Get("finish_reason"u8).Text(RunText.Label)),
            ];
            string[] given = [.. reasons.OfType<string>()];
            return given.Length > 0 ? given
                : (Meta("finish_reason"u8) ?? Meta("stop_reason"u8) ?? outputs.Get("stop_reason"u8)).Text(RunText.Label) is { } reason ? [reason]
                : null;
        }
    }

    /// <param name="metadata">Of the run; the SDK for JavaScript repeats the usage there.</param>
    public Usage? Usage(JsonElement? metadata) =>
        ModelUsage.Read(metadata.Get("usage_metadata"u8)) ??
        ModelUsage.Read(outputs.Get("usage_metadata"u8)) ??
        ModelUsage.Read(_message.Get("usage_metadata"u8)) ??
        ModelUsage.Read(outputs.Get("usage"u8)) ??
        ModelUsage.Read(Meta("usage"u8)) ??
        ModelUsage.Read(Meta("token_usage"u8)) ??
        ModelUsage.Read(outputs.Get("llm_output"u8).Get("token_usage"u8)) ??
        ModelUsage.Read(outputs.Get("llmOutput"u8).Get("tokenUsage"u8));

    /// <summary>The id of the call that the tool answers, and the tool's name, out of the message that it returned.</summary>
    public static (string? Name, string? CallId) OfTool(JsonElement? outputs)
    {
        var message = Body(outputs.Get("output"u8) ?? outputs);
        return message.Get("tool_call_id"u8).Text(RunText.Id) is { } call ? (message.Get("name"u8).Text(RunText.Name), call) : default;
    }

    private static JsonElement? Message(JsonElement? outputs) =>
        Body(outputs.Get("generations"u8).First().First().Get("message"u8) ?? outputs.Get("message"u8) ?? outputs.Get("output"u8) ?? outputs);

    // {"lc":1,"type":"constructor","id":[…,"AIMessage"],"kwargs":{…}}
    private static JsonElement? Body(JsonElement? message) => message.Get("kwargs"u8) ?? message;

    private JsonElement? Meta(ReadOnlySpan<byte> name) => _message.Get("response_metadata"u8).Get(name);
}
