using System.Text.Json.Nodes;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

internal static class Events
{
    public static readonly Instant Noon = Instant.From(new DateTimeOffset(2025, 1, 2, 12, 0, 0, TimeSpan.Zero));

    public static RunEvent Start(string id, double seconds = 0, string type = "llm") => At(RunEventKind.Start, id, seconds) with { Type = type, Name = "gpt-4.1" };

    public static RunEvent End(string id, double seconds) => At(RunEventKind.End, id, seconds);

    private static RunEvent At(RunEventKind kind, string id, double seconds) => new()
    {
        Kind = kind,
        Id = RunId.FromClient(id),
        ClientId = id,
        Time = Noon + TimeSpan.FromSeconds(seconds),
        ReceivedAt = Noon,
        ContentHash = (ulong)id.GetHashCode(StringComparison.Ordinal),
    };

    public static async Task<string> MessageAsync(this HttpResponseMessage response, CancellationToken cancellationToken) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!["message"]!.GetValue<string>();

    public static async Task<JsonNode> GetFromJsonNodeAsync(this HttpClient client, string path, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
