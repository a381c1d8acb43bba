using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Perilune.Load.Traffic;

/// <summary>The little of protobuf that an exporter's request needs. A message within another is written into a writer of its own.</summary>
internal sealed class ProtoWriter
{
    private const int Length = 2;
    private const int Fixed64 = 1;
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public ProtoWriter Number(int field, long value)
    {
        Varint((ulong)(field << 3));
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Time(int field, ulong nanos)
    {
        Varint((ulong)((field << 3) | Fixed64));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(8), nanos);
        _bytes.Advance(8);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)((field << 3) | Length));
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, Action<ProtoWriter> write)
    {
        var inner = new ProtoWriter();
        write(inner);
        return Bytes(field, inner.Written);
    }

    private void Varint(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var at = 0;
        while (value >= 0x80)
        {
            span[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[at++] = (byte)value;
        _bytes.Advance(at);
    }
}
