using System.Globalization;
using Perilune.Ingest.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Tags, metadata, time to the first token, and what is left over.</summary>
internal static class SpanCircumstances
{
    public static IReadOnlyList<string>? Tags(AttributeSet set) =>
        set.Has(Field.Tags) && Coerce.Texts(set.Take(Field.Tags), RunText.Tags, RunText.Label) is { Count: > 0 } tags ? tags : null;

    /// <summary>A JSON object and single keys; a key that stands alone wins over one in the object.</summary>
    public static RawJson Metadata(AttributeSet set)
    {
        var given = set.Has(Field.Metadata) ? Coerce.Json(set.Peek(Field.Metadata)) : default;
        if (given.IsObject)
        {
            set.Take(Field.Metadata);
        }

        var members = set.TakeFamily(AttributeFamily.Metadata).ToList();
        return members.Count == 0 ? (given.IsObject ? given : default) : JsonObjects.Merge(
            given.IsObject ? given : RawJson.Parse("{}"),
            JsonWriting.Write(json =>
            {
                json.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    json.WritePropertyName(name);
                    JsonWriting.Raw(json, Coerce.Json(value) is { IsAbsent: false } raw ? raw : RawJson.Null);
                }

                json.WriteEndObject();
            }));
    }

    /// <summary>Frameworks such as LangChain know no users, so that applications put them into the metadata.</summary>
    public static string? UserOf(RawJson metadata)
    {
        var user = EventMessages.Member(metadata, "user_id"u8) is { IsAbsent: false } snake ? snake : EventMessages.Member(metadata, "userId"u8);
        return !user.IsAbsent && user.Span[0] == (byte)'"' && Coerce.Texts(OtlpValue.Of(RawJson.ArrayOf([user]).Utf8), 1, RunText.Id) is [var text] ? text : null;
    }

    public static TimeSpan? TimeToFirstToken(AttributeSet set, Instant start)
    {
        if (Coerce.Number(set.Peek(Field.FirstChunkSeconds)) is >= 0 and < 1e6 and var seconds)
        {
            set.Take(Field.FirstChunkSeconds);
            return TimeSpan.FromSeconds(seconds);
        }

        if (Coerce.Number(set.Peek(Field.FirstChunkMillis)) is > 0 and < 1e9 and var millis)
        {
            set.Take(Field.FirstChunkMillis);
            return TimeSpan.FromMilliseconds(millis);
        }

        // Langfuse puts the ISO time into JSON quotes.
        if (Coerce.Text(set.Peek(Field.FirstChunkTime)) is { } text &&
            DateTimeOffset.TryParse(text.Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && Instant.From(time) >= start)
        {
            set.Take(Field.FirstChunkTime);
            return Instant.From(time) - start;
        }

        return null;
    }

    /// <summary>The id of a version of a template; else its name and version as other products have them.</summary>
    public static string? Template(AttributeSet set)
    {
        if (set.TakeText(Field.TemplateVersionId, RunText.Label) is { } id)
        {
            return id;
        }

        var (name, version) = (set.TakeText(Field.TemplateName, RunText.Label), set.TakeText(Field.TemplateVersion, RunText.Label));
        return name is null ? version : version is null ? name : RunText.Cut($"{name}@{version}", RunText.Label);
    }

    /// <summary>The attributes that no field of the run took, and what of the span has no field.</summary>
    public static RawJson Rest(OtlpSpan span, AttributeSet set, string name, ResourceFacts facts, bool keepsTimes) => JsonWriting.Write(json =>
    {
        json.WriteStartObject();
        for (var i = 0; i < set.All.Count; i++)
        {
            if (!set.IsUsed(i))
            {
                json.WritePropertyName(set.All[i].Key.Name);
                JsonWriting.Value(json, set.All[i].Value);
            }
        }

        if (span.Name != name)
        {
            json.WriteString("otel.span.name", span.Name);
        }

        if (span.Kind is > 1 and <= 5)
        {
            json.WriteString("otel.span.kind", span.Kind switch { 2 => "server", 3 => "client", 4 => "producer", _ => "consumer" });
        }

        if (span.TraceState.Length > 0)
        {
            json.WriteString("otel.trace_state", span.TraceState);
        }

        if (span.DroppedAttributes > 0)
        {
            json.WriteNumber("otel.dropped_attributes_count", span.DroppedAttributes);
        }

        if (span.DroppedEvents > 0)
        {
            json.WriteNumber("otel.dropped_events_count", span.DroppedEvents);
        }

        if (keepsTimes)
        {
            json.WriteNumber("otel.start_time_unix_nano", span.Start);
            json.WriteNumber("otel.end_time_unix_nano", span.End);
        }

        SpanLeftovers.Write(json, span);
        JsonMembers.Write(json, facts.Long);
        json.WriteEndObject();
    });
}
