namespace Perilune.Ingest.Otlp.Wire;

internal enum OtlpKind : byte
{
    /// <summary>An empty value, which stands for null.</summary>
    Null,
    String,
    Bool,
    Int,
    Double,
    Bytes,
    Array,
    Map,
}

/// <summary>
/// The value of an attribute or the body of a log record. Strings and bytes are slices of the request's body where they
/// could be; strings are valid UTF-8.
/// </summary>
internal readonly struct OtlpValue
{
    private readonly long _bits;
    private readonly object? _items;

    private OtlpValue(OtlpKind kind, long bits, ReadOnlyMemory<byte> utf8, object? items)
    {
        Kind = kind;
        _bits = bits;
        Utf8 = utf8;
        _items = items;
    }

    public OtlpKind Kind { get; }

    /// <summary>The text of a string, or the bytes of a bytes value.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public bool Bool => _bits != 0;

    public long Int => _bits;

    public double Double => BitConverter.Int64BitsToDouble(_bits);

    public OtlpValue[] Items => (OtlpValue[])_items!;

    public OtlpAttribute[] Members => (OtlpAttribute[])_items!;

    public static OtlpValue Of(ReadOnlyMemory<byte> utf8) => new(OtlpKind.String, 0, utf8, null);

    public static OtlpValue OfBytes(ReadOnlyMemory<byte> bytes) => new(OtlpKind.Bytes, 0, bytes, null);

    public static OtlpValue Of(bool value) => new(OtlpKind.Bool, value ? 1 : 0, default, null);

    public static OtlpValue Of(long value) => new(OtlpKind.Int, value, default, null);

    public static OtlpValue Of(double value) => new(OtlpKind.Double, BitConverter.DoubleToInt64Bits(value), default, null);

    public static OtlpValue Of(OtlpValue[] items) => new(OtlpKind.Array, 0, default, items);

    public static OtlpValue Of(OtlpAttribute[] members) => new(OtlpKind.Map, 0, default, members);
}

internal readonly record struct OtlpAttribute(AttributeKey Key, OtlpValue Value);
