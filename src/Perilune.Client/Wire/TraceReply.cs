using System.Text;
using static PeriluneSdk.Wire.OtlpFields;

namespace PeriluneSdk.Wire;

/// <summary>Reads <c>partial_success</c> of an answer. What cannot be read counts as nothing said.</summary>
internal static class TraceReply
{
    public static (long Rejected, string? Message) Read(ReadOnlySpan<byte> body)
    {
        var partial = Find(body, ResponsePartialSuccess, out _);
        Find(partial, PartialRejected, out var rejected);
        var message = Find(partial, PartialMessage, out _);
        return ((long)rejected, message.IsEmpty ? null : Encoding.UTF8.GetString(message));
    }

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field, out ulong number)
    {
        number = 0;
        while (!message.IsEmpty)
        {
            if (!Varint(ref message, out var tag))
            {
                return [];
            }

            switch (tag & 7)
            {
                case 0:
                    if (!Varint(ref message, out var value))
                    {
                        return [];
                    }

                    if (tag >> 3 == (ulong)field)
                    {
                        number = value;
                        return [];
                    }

                    break;
                case 2:
                    if (!Varint(ref message, out var length) || length > (ulong)message.Length)
                    {
                        return [];
                    }

                    if (tag >> 3 == (ulong)field)
                    {
                        return message[..(int)length];
                    }

                    message = message[(int)length..];
                    break;
                default:
                    return [];
            }
        }

        return [];
    }

    private static bool Varint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
