using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>Events and links of a span that say nothing the run has a field for.</summary>
internal static class SpanLeftovers
{
    public static bool IsMapped(OtlpEvent e) => e.Name is "gen_ai.evaluation.result" || EventMessages.IsDetails(e.Name) || EventMessages.RoleOf(e.Name) is not null;

    public static void Write(Utf8JsonWriter json, OtlpSpan span)
    {
        if (span.Events.Exists(e => !IsMapped(e)))
        {
            json.WriteStartArray("otel.events");
            foreach (var e in span.Events.Where(e => !IsMapped(e)))
            {
                json.WriteStartObject();
                json.WriteString("name", e.Name);
                if (OtlpTime.Of(e.Time) is { } time)
                {
                    json.WriteString("time", time.ToString());
                }

                json.WritePropertyName("attributes");
                JsonWriting.Object(json, e.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (span.Links.Count > 0)
        {
            json.WriteStartArray("otel.links");
            foreach (var link in span.Links)
            {
                json.WriteStartObject();
                json.WriteString("trace_id", Convert.ToHexStringLower(link.TraceId.Span));
                json.WriteString("span_id", Convert.ToHexStringLower(link.SpanId.Span));
                json.WritePropertyName("attributes");
                JsonWriting.Object(json, link.Attributes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
