using System.Runtime.InteropServices;
using System.Text.Json;

namespace Perilune.Server.Ui.Json;

internal static class JsonReading
{
    private const int NameLimit = 200;

    /// <summary>What is nested deeper is shown as text: JsonDocument takes time in the square of the depth, and nobody reads such a tree.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 500, AllowDuplicateProperties = true };

    /// <summary>The property's name, also when its escapes are none that text can hold.</summary>
    public static string NameOf(JsonProperty property) => JsonText.Decode(JsonMarshal.GetRawUtf8PropertyName(property), NameLimit).Text;

    /// <summary>The first of <paramref name="names"/> that <paramref name="element"/> has with a value other than null.</summary>
    public static JsonElement? Get(this JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in names)
            {
                if (Find(element, name) is { ValueKind: not JsonValueKind.Null } value)
                {
                    return value;
                }
            }
        }

        return null;
    }

    /// <summary>The first of <paramref name="names"/> that is a string, cut at <paramref name="limit"/> characters.</summary>
    public static string? GetText(this JsonElement element, int limit, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Get(name) is { ValueKind: JsonValueKind.String } value)
            {
                return value.Text(limit).Text;
            }
        }

        return null;
    }

    private static JsonElement? Find(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Some other property's name holds a lone surrogate, which the look-up refuses to compare.
            return element.EnumerateObject().Where(p => NameOf(p) == name).Select(p => (JsonElement?)p.Value).LastOrDefault();
        }
    }

    public static Clip Text(this JsonElement text, int limit) => JsonText.Decode(JsonMarshal.GetRawUtf8Value(text), limit);
}
