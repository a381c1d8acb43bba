using System.Text.Json;
using System.Text.Unicode;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.Lunary;

/// <summary>
/// Reads the bodies of Lunary's SDKs in one pass. Payloads of the events are slices of <c>body</c>, which they keep
/// alive: hand over a buffer that nobody else writes to.
/// </summary>
internal ref struct LunaryDecoder
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private readonly ReadOnlyMemory<byte> body;
    private readonly Instant receivedAt;
    private readonly bool isLegacy;
    private readonly bool isUtf8;
    private readonly List<LunaryItem> items = [];
    private Utf8JsonReader reader;
    private bool isSorted = true;

    private LunaryDecoder(ReadOnlyMemory<byte> body, Instant receivedAt, bool isLegacy)
    {
        this.body = body;
        this.receivedAt = receivedAt;
        this.isLegacy = isLegacy;
        isUtf8 = Utf8.IsValid(body.Span);
        reader = new Utf8JsonReader(body.Span, AnyDepth);
    }

    /// <param name="body">UTF-8 JSON, <c>{"events":[…]}</c>.</param>
    /// <param name="receivedAt">Stands in for the time of events that have none.</param>
    /// <param name="isLegacy">Events name their project by <c>app</c> or <c>projectId</c>, as in <c>/api/report</c>.</param>
    public static LunaryBatch Decode(ReadOnlyMemory<byte> body, Instant receivedAt, bool isLegacy = false)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
        {
            body = body["\uFEFF"u8.Length..];
        }

        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new LunaryBatch { Malformed = """The body is empty; expected {"events":[…]}.""" };
        }

        try
        {
            return new LunaryDecoder(body, receivedAt, isLegacy).ReadBody();
        }
        catch (JsonException malformed)
        {
            return new LunaryBatch { Malformed = MalformedJson.Describe(malformed, body.Span) };
        }
    }

    private LunaryBatch ReadBody()
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Missing($"{JsonText.Describe(reader.TokenType)} was sent");
        }

        var found = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEvents = Members.IsEvents(ref reader);
            reader.Read();
            if (!isEvents)
            {
                reader.Skip();
                continue;
            }

            found = true;
            if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
            {
                return Missing($"its events member is {JsonText.Describe(reader.TokenType)}");
            }

            if (!ReadEvents())
            {
                return new LunaryBatch
                {
                    Malformed = $"The body holds more than {Limits.EventsPerRequest:N0} events; send them in several requests.",
                };
            }
        }

        // Anything but the end of the body throws here.
        reader.Read();
        if (!found)
        {
            return Missing("it has no events member");
        }

        return new LunaryBatch { Items = isSorted ? items : [.. items.OrderBy(item => item.Time)] };
    }

    private static LunaryBatch Missing(string found) => new()
    {
        Malformed = $$"""Missing events payload: the body must be a JSON object such as {"events":[{"event":"start","type":"llm","runId":"…"}]}, but {{found}}.""",
    };

    /// <summary>Reads one event or an array of events, in which arrays may be nested. False when there are too many.</summary>
    private bool ReadEvents()
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadEvent();
            return items.Count <= Limits.EventsPerRequest;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && (reader.TokenType != JsonTokenType.EndArray || reader.CurrentDepth != depth))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.EndArray:
                    continue;
                case JsonTokenType.StartObject:
                    ReadEvent();
                    break;
                default:
                    Add(Refused($"events[{items.Count}] is {JsonText.Describe(reader.TokenType)}, but an event must be an object."));
                    break;
            }

            if (items.Count > Limits.EventsPerRequest)
            {
                return false;
            }
        }

        return true;
    }

    private void ReadEvent()
    {
        Span<Slot> slots = stackalloc Slot[(int)Member.Count];
        slots.Clear();
        var start = (int)reader.TokenStartIndex;
        Slot.ReadObject(ref reader, Scope.Event, slots);

        var raw = body[start..(int)reader.BytesConsumed];
        if (!isUtf8 && !Utf8.IsValid(raw.Span))
        {
            Add(Refused($"events[{items.Count}] is not valid UTF-8; encode the body as UTF-8."));
            return;
        }

        Add(EventBuilder.Build(body, raw.Span, slots, receivedAt, isLegacy));
    }

    private readonly LunaryItem Refused(string reason) => new() { Time = receivedAt, Refusal = reason };

    private void Add(LunaryItem item)
    {
        isSorted = isSorted && (items.Count == 0 || items[^1].Time <= item.Time);
        items.Add(item);
    }
}
