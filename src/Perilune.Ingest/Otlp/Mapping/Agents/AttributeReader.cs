using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>Attributes of a record by name, for records whose names are their own.</summary>
internal readonly struct AttributeReader(IReadOnlyList<OtlpAttribute> attributes)
{
    public OtlpValue this[string name]
    {
        get
        {
            foreach (var attribute in attributes)
            {
                if (attribute.Key.Name == name)
                {
                    return attribute.Value;
                }
            }

            return default;
        }
    }

    public string? Text(string name) => Coerce.Text(this[name]) is { Length: > 0 } text ? text : null;

    public double? Number(string name) => Coerce.Number(this[name]);

    /// <summary>A message of parts with this text.</summary>
    public static RawJson Message(string role, string text) => JsonWriting.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteStartArray("parts");
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteString("content", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
