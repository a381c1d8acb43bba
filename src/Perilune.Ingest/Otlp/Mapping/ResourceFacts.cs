using System.Text.Json;
using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>What holds for all spans of a process and a library.</summary>
internal sealed record ResourceFacts(string? Service, string? Environment, string? Release, string Runtime, RawJson Json)
{
    /// <summary>Longer ones are kept with each span.</summary>
    private const int MaxShared = 4096;

    public static ResourceFacts Of(OtlpResource resource, OtlpScope scope)
    {
        var json = JsonWriting.Write(json =>
        {
            json.WriteStartObject();
            WriteMembers(json, resource.Attributes);
            if (scope.Name.Length > 0)
            {
                json.WriteString("otel.scope.name", scope.Name);
            }

            if (scope.Version is not null)
            {
                json.WriteString("otel.scope.version", scope.Version);
            }

            WriteMembers(json, scope.Attributes);
            json.WriteEndObject();
        });
        var set = new AttributeSet();
        set.Load(resource.Attributes);
        var service = resource.Attributes.FirstOrDefault(a => a.Key.Name == "service.name").Value;
        return new ResourceFacts(
            Label(Coerce.Text(service)),
            set.TakeText(Field.Environment, RunText.Label),
            set.TakeText(Field.Release, RunText.Label),
            RunText.Cut(scope.Name, RunText.Label),
            json.Utf8.Length <= MaxShared ? json : default)
        {
            Long = json.Utf8.Length <= MaxShared ? default : json,
        };
    }

    /// <summary>The same JSON where it is too long to be shared.</summary>
    public RawJson Long { get; private init; }

    private static void WriteMembers(Utf8JsonWriter json, IReadOnlyList<OtlpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            json.WritePropertyName(attribute.Key.Name);
            JsonWriting.Value(json, attribute.Value);
        }
    }

    private static string? Label(string? text) => text is { Length: > 0 } ? RunText.Cut(text, RunText.Label) : null;
}
