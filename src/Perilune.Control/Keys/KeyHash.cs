using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Perilune.Control;

/// <summary>SHA-256 of a key; equality takes the same time wherever two hashes differ.</summary>
internal readonly struct KeyHash(byte[] bytes) : IEquatable<KeyHash>
{
    private readonly byte[] _bytes = bytes;

    /// <summary>The hash of a key's 36 lower-case characters.</summary>
    public static KeyHash Of(Guid key)
    {
        Span<byte> text = stackalloc byte[36];
        key.TryFormat(text, out _);
        return new KeyHash(SHA256.HashData(text));
    }

    public static KeyHash Of(string token) => new(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public byte[] ToArray() => _bytes;

    public bool Equals(KeyHash other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    public override int GetHashCode() => MemoryMarshal.Read<int>(_bytes);
}
