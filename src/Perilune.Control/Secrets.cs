using System.Buffers.Text;
using System.Security.Cryptography;

namespace Perilune.Control;

internal static class Secrets
{
    /// <summary>256 random bits in URL-safe characters.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A version 4 UUID of which all 122 free bits come from the system's cryptographic generator.</summary>
    public static Guid NewKey()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true);
    }
}
