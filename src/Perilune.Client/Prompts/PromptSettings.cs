using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace PeriluneSdk.Prompts;

/// <summary>A template's settings as options of Microsoft.Extensions.AI. What those have no place for is left to the application.</summary>
internal static class PromptSettings
{
    public static ChatOptions ToOptions(JsonObject? settings)
    {
        var options = new ChatOptions();
        if (settings is null)
        {
            return options;
        }

        options.ModelId = Text("model");
        options.Temperature = Number("temperature");
        options.TopP = Number("top_p", "topP");
        options.MaxOutputTokens = Number("max_tokens", "maxTokens") is { } tokens ? (int)tokens : null;
        options.FrequencyPenalty = Number("frequency_penalty", "frequencyPenalty");
        options.PresencePenalty = Number("presence_penalty", "presencePenalty");
        options.Seed = Number("seed") is { } seed ? (long)seed : null;
        options.StopSequences = (settings["stop"] as JsonArray)?.OfType<JsonValue>().Select(static stop => stop.ToString()).ToList();
        return options;

        string? Text(string name) => settings[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

        float? Number(params string[] names)
        {
            foreach (var name in names)
            {
                if (settings[name] is JsonValue value && value.TryGetValue<double>(out var number))
                {
                    return (float)number;
                }
            }

            return null;
        }
    }
}
