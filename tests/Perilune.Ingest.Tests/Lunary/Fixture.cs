using System.Text;
using Perilune.Ingest.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Lunary;

/// <summary>Recorded bodies, and short ways to decode and read them.</summary>
internal static class Fixture
{
    public static readonly Instant Received = Instant.From(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "fixtures");

    public static byte[] Body(string name) => File.ReadAllBytes(Path.Combine(Root, name + ".json"));

    /// <summary>The bodies of a folder in the order of sending.</summary>
    public static IReadOnlyList<byte[]> Bodies(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder), "*.json").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public static IReadOnlyList<RunEvent> Events(string name) => Accepted(Body(name));

    public static LunaryBatch Decode(string json, bool isLegacy = false) =>
        LunaryDecoder.Decode(Encoding.UTF8.GetBytes(json), Received, isLegacy);

    /// <summary>The events of a body that is accepted wholly.</summary>
    public static IReadOnlyList<RunEvent> Accepted(byte[] body)
    {
        var batch = LunaryDecoder.Decode(body, Received);
        Assert.Null(batch.Malformed);
        Assert.All(batch.Items, item => Assert.Null(item.Refusal));
        return [.. batch.Items.Select(item => item.Event!)];
    }

    /// <summary>The event that one JSON object decodes to.</summary>
    public static RunEvent One(string eventJson)
    {
        var item = Assert.Single(Decode($$"""{"events":[{{eventJson}}]}""").Items);
        Assert.Null(item.Refusal);
        return item.Event!;
    }

    public static string Refusal(string eventJson)
    {
        var item = Assert.Single(Decode($$"""{"events":[{{eventJson}}]}""").Items);
        Assert.Null(item.Event);
        return item.Refusal!;
    }

    public static RunId Id(string clientId) => RunId.FromClient(clientId);
}
