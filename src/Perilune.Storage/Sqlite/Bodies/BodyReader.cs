using System.Buffers;
using System.Text.Json;
using Perilune.Model;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// Puts payloads together again. Bodies that several payloads of one answer share (tool definitions, a conversation so
/// far) are read and unpacked once, as long as they fit.
/// </summary>
internal sealed class BodyReader(Database db)
{
    private const int MaxRemembered = 4 << 20;
    private readonly Dictionary<long, byte[]> _remembered = [];
    private int _rememberedBytes;

    public RawJson Read(byte[]? rope)
    {
        if (rope is null)
        {
            return default;
        }

        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var segment in new Rope(rope))
        {
            bytes.Write(segment.Body == 0 ? segment.Literal : Body(segment.Body));
        }

        return new RawJson(bytes.WrittenMemory);
    }

    /// <summary>
    /// For an array, only its last element as an array; anything else whole. Reads from the end, so that the length of
    /// a conversation does not matter.
    /// </summary>
    public RawJson ReadLastElement(byte[]? rope)
    {
        if (rope is null)
        {
            return default;
        }

        var segments = new List<(long Body, byte[] Literal)>();
        foreach (var segment in new Rope(rope))
        {
            segments.Add((segment.Body, segment.Body == 0 ? segment.Literal.ToArray() : []));
        }

        if (segments.Count < 3 || !segments[0].Literal.AsSpan().StartsWith("["u8))
        {
            return Cut(Read(rope));
        }

        var tail = Array.Empty<byte>();
        for (var i = segments.Count - 1; i > 0; i--)
        {
            tail = [.. segments[i].Body == 0 ? segments[i].Literal : Body(segments[i].Body), .. tail];
            if (TryElements(tail) is { } array)
            {
                return RunProjection.LastElement(array);
            }
        }

        return Cut(Read(rope));
    }

    private static RawJson Cut(RawJson payload) => payload.IsArray ? RunProjection.LastElement(payload) : payload;

    // The end of an array from between two elements on is an array once a bracket stands before it.
    private static RawJson? TryElements(byte[] tail)
    {
        var from = tail.AsSpan().IndexOfAnyExcept(" ,\n\r\t"u8);
        if (from < 0 || tail[from] == (byte)']')
        {
            return null;
        }

        var array = new RawJson((byte[])[(byte)'[', .. tail.AsSpan(from)]);
        try
        {
            var reader = new Utf8JsonReader(array.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
            reader.Read();
            reader.Skip();
            return reader.BytesConsumed == array.Utf8.TrimEnd(" \n\r\t"u8).Length ? array : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private byte[] Body(long id)
    {
        if (_remembered.TryGetValue(id, out var body))
        {
            return body;
        }

        var statement = db.Prepare("SELECT data FROM body WHERE id = ?1").Bind(1, id);
        body = statement.Step() ? BodyCodec.Decode(statement.Blob(0)) : null;
        statement.Reset();
        if (body is null)
        {
            throw new InvalidDataException($"Body {id} is missing: the run file is damaged.");
        }

        if (_rememberedBytes + body.Length <= MaxRemembered)
        {
            _remembered[id] = body;
            _rememberedBytes += body.Length;
        }

        return body;
    }
}
