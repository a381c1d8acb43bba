using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>A JSON object that is put together. Values and names keep their bytes; of members with one name the first stands.</summary>
internal sealed class JsonObjectDraft
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _written = new(1024);

    public JsonObjectDraft Add(string name, string? text) =>
        text is null ? this : Add(name, new RawJson((byte[])[(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"']));

    /// <summary>Adds the member unless its value is absent.</summary>
    public JsonObjectDraft Add(string name, RawJson value)
    {
        if (!value.IsAbsent)
        {
            Write(RawJson.OfString(name).Span[1..^1], value.Span);
        }

        return this;
    }

    /// <summary>Adds the members of an object, but not those named; nothing of anything else.</summary>
    public JsonObjectDraft AddMembers(JsonElement? from, params ReadOnlySpan<string> except)
    {
        if (from is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject())
            {
                var name = JsonMarshal.GetRawUtf8PropertyName(member);
                if (member.Value.ValueKind != JsonValueKind.Null && !except.Contains(Encoding.UTF8.GetString(name)))
                {
                    Write(name, JsonMarshal.GetRawUtf8Value(member.Value));
                }
            }
        }

        return this;
    }

    /// <summary>The object; absent when it has no members.</summary>
    public RawJson ToJson()
    {
        if (_names.Count == 0)
        {
            return default;
        }

        _written.Write("}"u8);
        return new RawJson(_written.WrittenMemory);
    }

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!_names.Add(Encoding.UTF8.GetString(name)))
        {
            return;
        }

        _written.Write(_names.Count == 1 ? "{\""u8 : ",\""u8);
        _written.Write(name);
        _written.Write("\":"u8);
        _written.Write(value);
    }
}
