using System.Text;

namespace PeriluneSdk.Tests.Support;

/// <summary>Protobuf read in plain words: field numbers and what they hold.</summary>
internal sealed class Proto
{
    private readonly List<(int Field, object Value)> _fields = [];

    public Proto(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var tag = Varint(bytes.Span, ref at);
            object value;
            switch (tag & 7)
            {
                case 0:
                    value = Varint(bytes.Span, ref at);
                    break;
                case 1:
                    value = BitConverter.ToUInt64(bytes.Span[at..]);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes.Span, ref at);
                    value = bytes.Slice(at, length);
                    at += length;
                    break;
                case 5:
                    value = BitConverter.ToUInt32(bytes.Span[at..]);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} at byte {at}.");
            }

            _fields.Add(((int)(tag >> 3), value));
        }
    }

    public IEnumerable<Proto> Messages(int field) => All(field).Select(static value => new Proto((ReadOnlyMemory<byte>)value));

    public Proto? Message(int field) => Messages(field).FirstOrDefault();

    public string Text(int field) => All(field).Select(static value => Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)value).Span)).FirstOrDefault() ?? "";

    public string Hex(int field) => All(field).Select(static value => Convert.ToHexStringLower(((ReadOnlyMemory<byte>)value).Span)).FirstOrDefault() ?? "";

    public ulong Number(int field) => All(field).Select(static value => value is uint narrow ? narrow : (ulong)value).FirstOrDefault();

    /// <summary>An AnyValue.</summary>
    public object? Value() => _fields switch
    {
        [] => null,
        [(1, _)] => Text(1),
        [(2, ulong flag)] => flag == 1,
        [(3, ulong number)] => (long)number,
        [(4, ulong bits)] => BitConverter.UInt64BitsToDouble(bits),
        _ => Message(5)!.Messages(1).Select(static item => item.Value()).ToArray(),
    };

    private IEnumerable<object> All(int field) => _fields.Where(f => f.Field == field).Select(static f => f.Value);

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
