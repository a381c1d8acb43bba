using Perilune.Ingest.Otlp.Wire;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>
/// The attributes of one span or record by what they may say. What is taken is marked, so that the rest can be kept as it is.
/// </summary>
internal sealed class AttributeSet
{
    private const byte None = byte.MaxValue;
    private static readonly int s_fields = Enum.GetValues<Field>().Length;
    private readonly int[] _best = new int[s_fields];
    private readonly byte[] _rank = new byte[s_fields];
    private readonly List<OtlpAttribute> _attributes = [];
    private bool[] _used = new bool[64];
    private ulong _families;

    public IReadOnlyList<OtlpAttribute> All => _attributes;

    public void Load(IReadOnlyList<OtlpAttribute> attributes)
    {
        _attributes.Clear();
        Array.Fill(_rank, None);
        _families = 0;
        Array.Clear(_used);
        Append(attributes);
    }

    /// <summary>Adds what was said elsewhere, such as in an event of the span: it stands behind what is already there.</summary>
    public void Append(IReadOnlyList<OtlpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            var at = _attributes.Count;
            _attributes.Add(attribute);
            _families |= 1UL << (int)attribute.Key.Family;
            if (Coerce.IsEmpty(attribute.Value))
            {
                continue;
            }

            foreach (var source in attribute.Key.Sources)
            {
                if (source.Rank < _rank[(int)source.Field])
                {
                    (_rank[(int)source.Field], _best[(int)source.Field]) = (source.Rank, at);
                }
            }
        }

        if (_used.Length < _attributes.Count)
        {
            Array.Resize(ref _used, _attributes.Count * 2);
        }
    }

    public bool HasFamily(AttributeFamily family) => (_families & (1UL << (int)family)) != 0;

    /// <summary>Whether any attribute belongs to a convention of model calls.</summary>
    public bool IsGenAi => (_families & ~((1UL << (int)AttributeFamily.None) | (1UL << (int)AttributeFamily.Metadata))) != 0;

    public bool Has(Field field) => _rank[(int)field] != None;

    /// <summary>The name of the attribute that the field would be taken from.</summary>
    public string? NameOf(Field field) => Has(field) ? _attributes[_best[(int)field]].Key.Name : null;

    public OtlpValue Peek(Field field) => Has(field) ? _attributes[_best[(int)field]].Value : default;

    public OtlpValue Take(Field field)
    {
        if (!Has(field))
        {
            return default;
        }

        _used[_best[(int)field]] = true;
        return _attributes[_best[(int)field]].Value;
    }

    public string? TakeText(Field field, int maxLength)
    {
        // What is too long to be a name stays an attribute.
        if (!Has(field) || Coerce.Text(Peek(field)) is not { Length: > 0 } text || text.Length > maxLength)
        {
            return null;
        }

        Take(field);
        return text;
    }

    public long? TakeCount(Field field)
    {
        if (!Has(field) || Coerce.Count(Peek(field)) is not { } count)
        {
            return null;
        }

        Take(field);
        return count;
    }

    /// <summary>The attributes of a family with the part of their name behind its prefix, all of them taken.</summary>
    public IEnumerable<(string Tail, OtlpValue Value)> TakeFamily(AttributeFamily family)
    {
        for (var i = 0; HasFamily(family) && i < _attributes.Count; i++)
        {
            if (_attributes[i].Key.Family == family && !_used[i])
            {
                _used[i] = true;
                yield return (_attributes[i].Key.Tail, _attributes[i].Value);
            }
        }
    }

    public bool IsUsed(int index) => _used[index];
}
