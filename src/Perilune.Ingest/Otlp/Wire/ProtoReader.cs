using System.Buffers.Binary;
using System.Text;
using Utf8Check = System.Text.Unicode.Utf8;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>
/// Walks the fields of one protobuf message. Values are slices of the message. Throws <see cref="OtlpFormatException"/>
/// where the bytes are no protobuf.
/// </summary>
internal ref struct ProtoReader
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private int _at;
    private int _wireType;
    private bool _isPending;

    public ProtoReader(ReadOnlyMemory<byte> message)
    {
        _memory = message;
        _span = message.Span;
    }

    /// <summary>The number of the field the reader is at.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field, past the value of the one before if that was not read; false at the end.</summary>
    public bool Next()
    {
        if (_isPending)
        {
            Skip();
        }

        if (_at == _span.Length)
        {
            return false;
        }

        var tag = ReadVarint();
        (Field, _wireType, _isPending) = ((int)(tag >> 3), (int)(tag & 7), true);
        return Field != 0 && tag <= uint.MaxValue ? true : throw Malformed("a field has the number 0 or one that is too large");
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        Expect(2);
        var length = ReadVarint();
        if (length > (ulong)(_span.Length - _at))
        {
            throw Malformed($"field {Field} is longer than what holds it");
        }

        var bytes = _memory.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    /// <summary>Text as UTF-8; what is not valid in it is replaced by U+FFFD.</summary>
    public ReadOnlyMemory<byte> Utf8()
    {
        var bytes = Bytes();
        return Utf8Check.IsValid(bytes.Span) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
    }

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    public ulong Varint()
    {
        Expect(0);
        return ReadVarint();
    }

    public ulong Fixed64()
    {
        Expect(1);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return value;
    }

    private void Skip()
    {
        _isPending = false;
        switch (_wireType)
        {
            case 0:
                ReadVarint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                _isPending = true;
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Malformed($"field {Field} has the wire type {_wireType}, which OTLP does not use");
        }
    }

    private void Expect(int wireType)
    {
        _isPending = false;
        if (_wireType != wireType)
        {
            throw Malformed($"field {Field} has the wire type {_wireType} instead of {wireType}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _span.Length - _at)
        {
            throw Malformed("it ends within a number");
        }

        _at += count;
        return _span.Slice(_at - count, count);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _span.Length)
            {
                throw Malformed("it ends within a number");
            }

            var b = _span[_at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a number is longer than 10 bytes");
    }

    private readonly OtlpFormatException Malformed(string what) => new($"Malformed protobuf at byte {_at} of a message: {what}.");
}
