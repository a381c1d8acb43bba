using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Server.Ui.Json;

public enum JsonViewKind { Object, Array, String, Number, Literal, Invalid }

/// <summary>A JSON value cut down to what a page can show.</summary>
/// <param name="Text">Of a scalar.</param>
/// <param name="Count">Members that the object or array really has.</param>
public sealed record JsonView(JsonViewKind Kind, Clip Text, int Count, IReadOnlyList<JsonMember> Members)
{
    public bool IsContainer => Kind is JsonViewKind.Object or JsonViewKind.Array;

    public bool IsCut => Text.IsCut || Members.Count < Count || Members.Any(m => m.Value.IsCut);

    /// <summary>The value that <paramref name="json"/> holds; one that is not JSON is shown as the text it is.</summary>
    public static JsonView Of(RawJson json) => Of(json, JsonLimits.Page);

    internal static JsonView Of(RawJson json, JsonLimits limits)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Utf8, JsonReading.Options);
            return new Builder(limits).Build(document.RootElement, limits.Depth);
        }
        catch (JsonException)
        {
            return Invalid(json.Span, limits);
        }
    }

    internal static JsonView Of(JsonElement element, JsonLimits limits) => new Builder(limits).Build(element, limits.Depth);

    private static JsonView Invalid(ReadOnlySpan<byte> bytes, JsonLimits limits)
    {
        var shown = bytes[..Math.Min(bytes.Length, limits.Text)];
        return new JsonView(JsonViewKind.Invalid, new Clip(Encoding.UTF8.GetString(shown), bytes.Length - shown.Length), 0, []);
    }

    private sealed class Builder(JsonLimits limits)
    {
        private int _left = limits.Nodes;

        public JsonView Build(JsonElement element, int depth)
        {
            _left--;
            return element.ValueKind switch
            {
                JsonValueKind.Object => Container(JsonViewKind.Object, element.GetPropertyCount(), element, depth),
                JsonValueKind.Array => Container(JsonViewKind.Array, element.GetArrayLength(), element, depth),
                JsonValueKind.String => Scalar(JsonViewKind.String, JsonText.Decode(JsonMarshal.GetRawUtf8Value(element), limits.Text)),
                JsonValueKind.Number => Scalar(JsonViewKind.Number, JsonText.Decode(JsonMarshal.GetRawUtf8Value(element), limits.Text)),
                JsonValueKind.True => Scalar(JsonViewKind.Literal, new Clip("true", 0)),
                JsonValueKind.False => Scalar(JsonViewKind.Literal, new Clip("false", 0)),
                _ => Scalar(JsonViewKind.Literal, new Clip("null", 0)),
            };
        }

        private static JsonView Scalar(JsonViewKind kind, Clip text) => new(kind, text, 0, []);

        private JsonView Container(JsonViewKind kind, int count, JsonElement element, int depth)
        {
            var members = new List<JsonMember>(Math.Min(count, limits.Members));
            if (kind == JsonViewKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (IsFull(members.Count, depth))
                    {
                        break;
                    }

                    members.Add(new JsonMember(JsonReading.NameOf(property), Build(property.Value, depth - 1)));
                }
            }
            else
            {
                foreach (var item in element.EnumerateArray())
                {
                    if (IsFull(members.Count, depth))
                    {
                        break;
                    }

                    members.Add(new JsonMember(null, Build(item, depth - 1)));
                }
            }

            return new JsonView(kind, default, count, members);
        }

        private bool IsFull(int count, int depth) => depth <= 0 || _left <= 0 || count >= limits.Members;
    }
}

/// <param name="Name">Null in arrays.</param>
public sealed record JsonMember(string? Name, JsonView Value);
