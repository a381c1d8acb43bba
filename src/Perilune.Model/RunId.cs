using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Perilune.Model;

/// <summary>
/// The 16-byte identity of a run within its project. Clients send arbitrary strings; <see cref="FromClient"/> maps each
/// of them to one value, so that the same string always names the same run.
/// </summary>
public readonly record struct RunId(ulong High, ulong Low) : IComparable<RunId>
{
    private const int TraceBytes = 16;
    private const int SpanBytes = 8;

    /// <summary>No id. Never given to a run.</summary>
    public static readonly RunId None;

    public bool IsNone => High == 0 && Low == 0;

    /// <summary>
    /// A UUID in its 36-character form is taken as it is (in either case), and a span of OpenTelemetry named by its trace and
    /// its own id in hexadecimal (<c>trace-span</c>) is <see cref="FromSpan"/>; every other string is hashed:
    /// SHA-256 of its UTF-8 bytes, of which 16 are kept with the version and variant digits that Lunary's servers set,
    /// so that ids computed by Lunary and by us agree.
    /// </summary>
    public static RunId FromClient(ReadOnlySpan<char> clientId) =>
        TryParseUuid(clientId, out var id) || TryParseSpan(clientId, out id) ? id : Hash(clientId);

    /// <summary>A span: the first 16 bytes of SHA-256("otlp" ‖ trace id ‖ span id), because a span id alone can be anybody's.</summary>
    /// <param name="trace">16 bytes.</param>
    /// <param name="span">8 bytes.</param>
    public static RunId FromSpan(ReadOnlySpan<byte> trace, ReadOnlySpan<byte> span)
    {
        Span<byte> input = stackalloc byte[4 + TraceBytes + SpanBytes];
        "otlp"u8.CopyTo(input);
        trace.CopyTo(input[4..]);
        span.CopyTo(input[(4 + TraceBytes)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return FromBytes(hash);
    }

    /// <summary>
    /// The id that Lunary's Python SDK sends in place of <paramref name="clientId"/>: the first 16 bytes of
    /// SHA-256(clientId + projectKey), without version digits.
    /// </summary>
    public static RunId FromPython(ReadOnlySpan<char> clientId, ReadOnlySpan<char> projectKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(clientId, projectKey)), hash);
        return FromBytes(hash);
    }

    public static bool TryParseUuid(ReadOnlySpan<char> text, out RunId id)
    {
        id = None;
        if (text.Length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        if (!ulong.TryParse(string.Concat(text[..8], text[9..13], text[14..18]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high) ||
            !ulong.TryParse(string.Concat(text[19..23], text[24..]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new RunId(high, low);
        return true;
    }

    /// <summary>The first 16 of <paramref name="bytes"/>, big-endian.</summary>
    public static RunId FromBytes(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[16];
        WriteTo(bytes);
        return bytes;
    }

    public int CompareTo(RunId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(RunId left, RunId right) => left.CompareTo(right) < 0;

    public static bool operator >(RunId left, RunId right) => left.CompareTo(right) > 0;

    public static bool operator <=(RunId left, RunId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RunId left, RunId right) => left.CompareTo(right) >= 0;

    /// <summary>The lower-case 36-character UUID form.</summary>
    public override string ToString() => string.Create(36, this, static (span, id) =>
    {
        Span<char> hex = stackalloc char[32];
        id.High.TryFormat(hex, out _, "x16", CultureInfo.InvariantCulture);
        id.Low.TryFormat(hex[16..], out _, "x16", CultureInfo.InvariantCulture);
        hex[..8].CopyTo(span);
        span[8] = '-';
        hex[8..12].CopyTo(span[9..]);
        span[13] = '-';
        hex[12..16].CopyTo(span[14..]);
        span[18] = '-';
        hex[16..20].CopyTo(span[19..]);
        span[23] = '-';
        hex[20..].CopyTo(span[24..]);
    });

    private static bool TryParseSpan(ReadOnlySpan<char> text, out RunId id)
    {
        id = None;
        Span<byte> bytes = stackalloc byte[TraceBytes + SpanBytes];
        if (text.Length != (2 * bytes.Length) + 1 || text[2 * TraceBytes] != '-' ||
            Convert.FromHexString(text[..(2 * TraceBytes)], bytes, out _, out _) != OperationStatus.Done ||
            Convert.FromHexString(text[((2 * TraceBytes) + 1)..], bytes[TraceBytes..], out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        id = FromSpan(bytes[..TraceBytes], bytes[TraceBytes..]);
        return true;
    }

    private static RunId Hash(ReadOnlySpan<char> text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text.ToArray());
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        hash[6] = (byte)(0x40 | (hash[6] & 0x0f));
        hash[8] = (byte)(0xa0 | (hash[8] & 0x0f));
        return FromBytes(hash);
    }
}
