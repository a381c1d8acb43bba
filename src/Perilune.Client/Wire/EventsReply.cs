using System.Text.Json;

namespace PeriluneSdk.Wire;

/// <summary>Reads the results of single events. What cannot be read counts as nothing said.</summary>
internal static class EventsReply
{
    public static (long Refused, string? Message) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array)
            {
                return default;
            }

            var refused = results.EnumerateArray().Where(IsRefused).ToList();
            return (refused.Count, refused.Select(Reason).FirstOrDefault());
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static bool IsRefused(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.False;

    private static string? Reason(JsonElement result) =>
        result.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString() : null;
}
