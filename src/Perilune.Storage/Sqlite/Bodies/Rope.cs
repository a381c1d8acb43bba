using System.Buffers;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// A payload as stored: literal bytes and references to bodies, whose concatenation is exactly what was sent. Encoded as
/// segments with a varint header: (length &lt;&lt; 1) for a literal, which follows, or (zigzag(body − previous body) &lt;&lt; 1 | 1).
/// </summary>
internal sealed class Rope(byte[] encoded)
{
    public byte[] Encoded { get; } = encoded;

    public RopeReader GetEnumerator() => new(Encoded);

    public static Rope? FromColumn(byte[]? encoded) => encoded is null ? null : new Rope(encoded);
}

/// <summary>One piece of a rope: a body when <paramref name="Body"/> is not 0, else the literal.</summary>
internal readonly ref struct RopeSegment(long body, ReadOnlySpan<byte> literal)
{
    public long Body { get; } = body;

    public ReadOnlySpan<byte> Literal { get; } = literal;
}

internal ref struct RopeReader(ReadOnlySpan<byte> encoded)
{
    private ReadOnlySpan<byte> _rest = encoded;
    private long _body;
    private ReadOnlySpan<byte> _literal;
    private bool _isBody;

    public readonly RopeSegment Current => new(_isBody ? _body : 0, _literal);

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var header = Varint.Read(ref _rest);
        _isBody = (header & 1) == 1;
        if (_isBody)
        {
            _body += Varint.UnZigZag(header >> 1);
            _literal = default;
        }
        else
        {
            var length = (int)(header >> 1);
            _literal = _rest[..length];
            _rest = _rest[length..];
        }

        return true;
    }
}

internal sealed class RopeBuilder
{
    private readonly ArrayBufferWriter<byte> _encoded = new(64);
    private readonly ArrayBufferWriter<byte> _literal = new(64);
    private long _body;

    public RopeBuilder Literal(ReadOnlySpan<byte> bytes)
    {
        _literal.Write(bytes);
        return this;
    }

    public RopeBuilder Body(long id)
    {
        Flush();
        Varint.Write(_encoded, (Varint.ZigZag(id - _body) << 1) | 1);
        _body = id;
        return this;
    }

    public RopeBuilder Append(Rope rope)
    {
        foreach (var segment in rope)
        {
            if (segment.Body != 0)
            {
                Body(segment.Body);
            }
            else
            {
                Literal(segment.Literal);
            }
        }

        return this;
    }

    public Rope Build()
    {
        Flush();
        return new Rope(_encoded.WrittenSpan.ToArray());
    }

    private void Flush()
    {
        if (_literal.WrittenCount == 0)
        {
            return;
        }

        Varint.Write(_encoded, (ulong)_literal.WrittenCount << 1);
        _encoded.Write(_literal.WrittenSpan);
        _literal.ResetWrittenCount();
    }
}
