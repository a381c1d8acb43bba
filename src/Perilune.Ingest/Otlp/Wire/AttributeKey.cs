using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using Perilune.Ingest.Otlp.Mapping;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>The name of an attribute with what the mapping knows of it, looked up once per process and not per span.</summary>
internal sealed class AttributeKey
{
    /// <summary>Clients that make up names (one per message, say) must not fill the memory.</summary>
    private const int MaxKnown = 20_000;
    private const int MaxLength = 256;
    private static readonly ConcurrentDictionary<ulong, AttributeKey> s_known = new();
    private static int s_count;
    private readonly byte[] _utf8;

    private AttributeKey(byte[] utf8)
    {
        _utf8 = utf8;
        Name = Encoding.UTF8.GetString(utf8);
        Sources = AttributeTables.SourcesOf(Name);
        Family = AttributeTables.FamilyOf(Name);
        Tail = AttributeFamilies.Rest(Name);
    }

    public string Name { get; }

    /// <summary>The fields that this attribute may fill, each with its rank among the sources of the field.</summary>
    public AttributeSource[] Sources { get; }

    /// <summary>The family of numbered or free names that it belongs to.</summary>
    public AttributeFamily Family { get; }

    /// <summary>The name behind the prefix of its family.</summary>
    public string Tail { get; }

    public static AttributeKey Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return new AttributeKey(utf8.ToArray());
        }

        var hash = XxHash3.HashToUInt64(utf8);
        if (s_known.TryGetValue(hash, out var known) && utf8.SequenceEqual(known._utf8))
        {
            return known;
        }

        var key = new AttributeKey(utf8.ToArray());
        if (known is null && Volatile.Read(ref s_count) < MaxKnown && s_known.TryAdd(hash, key))
        {
            Interlocked.Increment(ref s_count);
        }

        return key;
    }

    public static AttributeKey Of(string name) => Of(Encoding.UTF8.GetBytes(name));
}
