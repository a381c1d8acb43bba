using System.Text.Json;
using Perilune.Model;

namespace Perilune.Server.Tests.Dashboard;

/// <summary>Recorded ingest bodies of the SDKs.</summary>
internal static class Fixtures
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "fixtures");

    /// <summary>Inputs and outputs of the body's events, as sent.</summary>
    public static IEnumerable<RawJson> PayloadsOf(string file)
    {
        using var body = JsonDocument.Parse(File.ReadAllBytes(file));
        return body.RootElement.TryGetProperty("events", out var events)
            ? [.. events.EnumerateArray().SelectMany(Payloads).Select(p => RawJson.Parse(p.GetRawText()))]
            : [];
    }

    private static IEnumerable<JsonElement> Payloads(JsonElement item) =>
        new[] { "input", "output" }.Where(name => item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null).Select(item.GetProperty);
}
