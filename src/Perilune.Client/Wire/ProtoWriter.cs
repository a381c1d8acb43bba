using System.Buffers.Binary;
using System.Text;

namespace PeriluneSdk.Wire;

/// <summary>Writes protobuf into a buffer that grows and is used again.</summary>
internal sealed class ProtoWriter
{
    private const int LengthBytes = 4;
    private const int KeepBytes = 1 << 20;

    private byte[] _buffer = new byte[4096];

    public int Position { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Position);

    public void Clear()
    {
        Position = 0;
        if (_buffer.Length > KeepBytes)
        {
            _buffer = new byte[4096];
        }
    }

    public void Varint(int field, ulong value)
    {
        Tag(field, 0);
        RawVarint(value);
    }

    public void Fixed64(int field, ulong value)
    {
        Tag(field, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);
    }

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void Fixed32(int field, uint value)
    {
        Tag(field, 5);
        BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);
    }

    public void Text(int field, ReadOnlySpan<char> value)
    {
        Tag(field, 2);
        RawVarint((ulong)Encoding.UTF8.GetByteCount(value));
        var start = Position;
        Position = start + Encoding.UTF8.GetBytes(value, Room(Encoding.UTF8.GetMaxByteCount(value.Length)));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        RawVarint((ulong)value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Begins a message within; its length is filled in by <see cref="End"/>, in four bytes whatever it is.</summary>
    public int Begin(int field)
    {
        Tag(field, 2);
        Take(LengthBytes);
        return Position;
    }

    public void End(int begun)
    {
        var length = (uint)(Position - begun);
        for (var i = 0; i < LengthBytes; i++)
        {
            _buffer[begun - LengthBytes + i] = (byte)((length & 0x7f) | (i < LengthBytes - 1 ? 0x80u : 0));
            length >>= 7;
        }
    }

    private void Tag(int field, int wireType) => RawVarint(((ulong)field << 3) | (uint)wireType);

    private void RawVarint(ulong value)
    {
        var room = Room(10);
        var i = 0;
        for (; value >= 0x80; value >>= 7)
        {
            room[i++] = (byte)(value | 0x80);
        }

        room[i++] = (byte)value;
        Position += i;
    }

    private Span<byte> Take(int count)
    {
        var room = Room(count)[..count];
        Position += count;
        return room;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - Position < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Position + count));
        }

        return _buffer.AsSpan(Position);
    }
}
