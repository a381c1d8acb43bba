using System.Text;
using System.Text.Json;

namespace Perilune.Model;

/// <summary>
/// One JSON value as the UTF-8 bytes its client sent: never re-serialised, so keys, number forms, escapes and order
/// survive. The default value means "absent", which is not the same as a JSON <c>null</c>.
/// </summary>
public readonly struct RawJson(ReadOnlyMemory<byte> utf8) : IEquatable<RawJson>
{
    public static readonly RawJson Null = new("null"u8.ToArray());

    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    public ReadOnlySpan<byte> Span => Utf8.Span;

    public bool IsAbsent => Utf8.IsEmpty;

    public bool IsNull => Utf8.Span.SequenceEqual("null"u8);

    /// <summary>Whether there is a value other than <c>null</c>.</summary>
    public bool HasValue => !IsAbsent && !IsNull;

    public bool IsObject => !IsAbsent && Utf8.Span[0] == (byte)'{';

    public bool IsArray => !IsAbsent && Utf8.Span[0] == (byte)'[';

    /// <summary>The same value in memory of its own, for what outlives the request that it came in.</summary>
    public RawJson Detached() => new(Utf8.ToArray());

    public static RawJson Parse(string json) => new(Encoding.UTF8.GetBytes(json));

    public static RawJson OfString(string value) => new(JsonSerializer.SerializeToUtf8Bytes(value, ModelJson.Default.String));

    /// <summary>The JSON array of these values as they were sent; absent when there are none.</summary>
    public static RawJson ArrayOf(IReadOnlyList<RawJson> items)
    {
        if (items.Count == 0)
        {
            return default;
        }

        var bytes = new byte[1 + items.Sum(m => m.Utf8.Length + 1)];
        bytes[0] = (byte)'[';
        var at = 1;
        foreach (var item in items)
        {
            item.Span.CopyTo(bytes.AsSpan(at));
            at += item.Utf8.Length;
            bytes[at++] = (byte)',';
        }

        bytes[^1] = (byte)']';
        return new RawJson(bytes);
    }

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override bool Equals(object? obj) => obj is RawJson other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(RawJson left, RawJson right) => left.Equals(right);

    public static bool operator !=(RawJson left, RawJson right) => !left.Equals(right);

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
