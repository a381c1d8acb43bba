using System.Text;
using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.Opik;

/// <summary>Reads the bodies of Opik's SDKs.</summary>
internal static class OpikBatches
{
    /// <summary>Makes an event of an item with this id; null, and a reason, when it cannot.</summary>
    public delegate RunEvent? Mapping(JsonElement item, string id, bool isPatch, Instant receivedAt, Action<string> refuse);

    /// <param name="member">The list: <c>traces</c> or <c>spans</c>.</param>
    /// <param name="map">For each item of it.</param>
    /// <param name="body">JSON.</param>
    /// <param name="receivedAt">When it was received.</param>
    public static RunBatch Read(string member, Mapping map, ReadOnlyMemory<byte> body, Instant receivedAt)
    {
        using var document = JsonFields.Parse(body);
        var batch = new RunBatch();
        foreach (var item in List(document.RootElement, member))
        {
            Add(batch, item, item.Get("id"u8).Text(RunText.Id), isPatch: false, map, receivedAt);
        }

        return batch;
    }

    /// <param name="map">For the item.</param>
    /// <param name="body">JSON.</param>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="id">What is changed, as the address names it; null for one that names itself.</param>
    public static RunBatch ReadOne(Mapping map, ReadOnlyMemory<byte> body, Instant receivedAt, string? id = null)
    {
        using var document = JsonFields.Parse(body);
        var batch = new RunBatch();
        Add(batch, document.RootElement, id ?? document.RootElement.Get("id"u8).Text(RunText.Id), isPatch: id is not null, map, receivedAt);
        return batch;
    }

    /// <summary>Scores: each names what it is about by <paramref name="target"/>, which is <c>id</c> or <c>thread_id</c>.</summary>
    public static RunBatch ReadScores(string target, ReadOnlyMemory<byte> body, Instant receivedAt)
    {
        using var document = JsonFields.Parse(body);
        var batch = new RunBatch();
        var member = Encoding.UTF8.GetBytes(target);
        foreach (var score in List(document.RootElement, "scores"))
        {
            Add(batch, score, score.Get(member).Text(RunText.Id), isPatch: false, static (item, id, _, now, refuse) => OpikMapper.MapScore(item, id, now, refuse), receivedAt);
        }

        return batch;
    }

    private static JsonElement.ArrayEnumerator List(JsonElement root, string member) =>
        root.Get(Encoding.UTF8.GetBytes(member)) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray()
            : throw new MalformedBodyException($$"""Expected {"{{member}}":[…]} as Opik's SDKs send it, and the body has no such list.""");

    private static void Add(RunBatch batch, JsonElement item, string? id, bool isPatch, Mapping map, Instant receivedAt)
    {
        var what = id ?? item.Get("name"u8).Text(RunText.Label) ?? "an item";
        if (!batch.HasRoom(what))
        {
            return;
        }

        if (id is null)
        {
            batch.Refuse(what, $"It needs an id of at most {RunText.Id} characters.");
        }
        else if (map(item, id, isPatch, receivedAt, reason => batch.Refuse(what, reason)) is { } mapped)
        {
            batch.Events.Add(mapped);
        }
    }
}
