using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.Lunary;

/// <summary>Typed values out of slots. The first one that is not what it must be is kept as <see cref="Problem"/>.</summary>
internal ref struct SlotReader(ReadOnlyMemory<byte> body, ReadOnlySpan<Slot> slots)
{
    private readonly ReadOnlySpan<Slot> slots = slots;

    public string? Problem { get; private set; }

    public readonly Slot this[Member member] => slots[(int)member];

    public readonly RawJson Sent(Member member)
    {
        var slot = this[member];
        return new RawJson(body.Slice(slot.Start, slot.Length));
    }

    /// <summary>The value, absent also when null was sent.</summary>
    public readonly RawJson Raw(Member member) => this[member].IsUnsaid ? default : Sent(member);

    public RawJson Object(Member member)
    {
        var slot = this[member];
        if (!slot.IsUnsaid && slot.Token != JsonTokenType.StartObject)
        {
            Mismatch(member, "an object");
        }

        return Raw(member);
    }

    /// <summary>Text; null when absent, null or empty.</summary>
    public string? Text(Member member, int maxBytes) =>
        this[member].Token switch
        {
            JsonTokenType.None or JsonTokenType.Null => null,
            JsonTokenType.String => Bounded(member, Sent(member).Span, maxBytes),
            _ => Mismatch(member, "a string"),
        };

    /// <summary>Text, or a number as it was written: ids that clients keep as integers.</summary>
    public string? TextOrNumber(Member member, int maxBytes) =>
        this[member].Token == JsonTokenType.Number ? Bounded(member, Quoted(Sent(member).Span), maxBytes) : Text(member, maxBytes);

    public bool Flag(Member member)
    {
        var slot = this[member];
        if (!slot.IsUnsaid && slot.Token is not (JsonTokenType.True or JsonTokenType.False))
        {
            Mismatch(member, "a boolean");
        }

        return slot.Token == JsonTokenType.True;
    }

    public long? Count(Member member)
    {
        if (this[member].IsUnsaid)
        {
            return null;
        }

        if (TryCount(member) is { } count)
        {
            return count;
        }

        Mismatch(member, $"a whole number from 0 to {Limits.Count:N0}");
        return null;
    }

    public readonly long? TryCount(Member member)
    {
        if (this[member].Token != JsonTokenType.Number)
        {
            return null;
        }

        var text = Sent(member).Span;
        if (Utf8Parser.TryParse(text, out long whole, out var used) && used == text.Length)
        {
            return whole is >= 0 and <= Limits.Count ? whole : null;
        }

        return Utf8Parser.TryParse(text, out decimal exact, out used) && used == text.Length &&
            exact >= 0 && exact <= Limits.Count && decimal.IsInteger(exact) ? (long)exact : null;
    }

    public Instant? Time(Member member)
    {
        var slot = this[member];
        if (slot.IsUnsaid)
        {
            return null;
        }

        if (slot.Token is JsonTokenType.String or JsonTokenType.Number && EventTime.TryParse(Sent(member).Span, out var time))
        {
            return time;
        }

        Fail($"{Members.PathOf(member)} must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was {Excerpt(member)}.");
        return null;
    }

    /// <summary>A string or an array of strings; numbers and booleans in it become text. Null when absent.</summary>
    public IReadOnlyList<string>? Tags(Member member)
    {
        switch (this[member].Token)
        {
            case JsonTokenType.None or JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return Text(member, Limits.Tag) is { } single ? [single] : [];
            case JsonTokenType.StartArray:
                break;
            default:
                Mismatch(member, "a string or an array of strings");
                return null;
        }

        var token = Sent(member).Span;
        var reader = new Utf8JsonReader(token);
        reader.Read();
        List<string>? tags = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && Problem is null)
        {
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                Fail($"{Members.PathOf(member)} must hold strings only, but {JsonText.Describe(reader.TokenType)} is among them.");
            }
            else if (tags?.Count == Limits.Tags)
            {
                Fail($"{Members.PathOf(member)} has more than {Limits.Tags} items; send fewer, or use metadata.");
            }
            else
            {
                var value = token[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
                var tag = Bounded(member, reader.TokenType == JsonTokenType.String ? value : Quoted(value), Limits.Tag);
                if (tag is not null)
                {
                    (tags ??= new List<string>(4)).Add(tag);
                }
            }
        }

        return tags ?? (IReadOnlyList<string>)[];
    }

    /// <summary>At most 40 bytes of the value, for a message.</summary>
    public readonly string Excerpt(Member member)
    {
        var text = Sent(member).Span;
        return text.Length <= 40 ? Encoding.UTF8.GetString(text) : $"{Encoding.UTF8.GetString(text[..40]).TrimEnd('\uFFFD')}…";
    }

    public void Fail(string problem) => Problem ??= problem;

    private string? Mismatch(Member member, string expected)
    {
        Fail($"{Members.PathOf(member)} must be {expected}, but was {(this[member].Token is JsonTokenType.StartArray or JsonTokenType.StartObject ? JsonText.Describe(this[member].Token) : Excerpt(member))}.");
        return null;
    }

    private string? Bounded(Member member, ReadOnlySpan<byte> token, int maxBytes)
    {
        var isLong = token.Length - 2 > maxBytes;
        if (isLong && !token.Contains((byte)'\\'))
        {
            Fail($"{Members.PathOf(member)} is longer than {maxBytes:N0} bytes.");
            return null;
        }

        if (!JsonText.TryDecode(token, out var text))
        {
            Fail($"{Members.PathOf(member)} holds an unpaired surrogate (half of a character, such as \\ud800), which is not text.");
            return null;
        }

        if (isLong && Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            Fail($"{Members.PathOf(member)} is longer than {maxBytes:N0} bytes.");
            return null;
        }

        return text.Length == 0 ? null : text;
    }

    private static byte[] Quoted(ReadOnlySpan<byte> token) => [(byte)'"', .. token, (byte)'"'];
}
