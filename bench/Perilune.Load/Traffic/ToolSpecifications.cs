using System.Text.Json;

namespace Perilune.Load.Traffic;

internal static class ToolSpecifications
{
    private static readonly int[] s_limits = [256, 512, 1024, 4096];

    private static readonly byte[][] s_tools = [.. Catalogue.Tools.Select(name => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "function",
        function = new
        {
            name,
            description = $"Calls {name} and returns what it found as JSON.",
            parameters = new
            {
                type = "object",
                properties = new { query = new { type = "string", description = "what to look for" }, limit = new { type = "integer" } },
                required = new[] { "query" },
            },
        },
    }))];

    public static void WriteParams(Utf8JsonWriter json, Dice dice, bool withTools)
    {
        json.WriteStartObject("params");
        json.WriteNumber("temperature", Math.Round(dice.Next(), 1));
        json.WriteNumber("max_tokens", dice.Pick(s_limits));
        if (withTools)
        {
            Messages.WriteAll(json, "tools", s_tools.Take(2 + dice.Below(4)));
        }

        json.WriteEndObject();
    }
}
