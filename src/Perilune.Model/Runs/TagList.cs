using System.Collections;
using System.Runtime.CompilerServices;

namespace Perilune.Model;

/// <summary>Tags in the order they were given, each once. Two lists are equal when they hold the same tags in the same order.</summary>
[CollectionBuilder(typeof(TagList), nameof(Create))]
public sealed class TagList : IReadOnlyList<string>, IEquatable<TagList>
{
    /// <summary>How many tags a run goes by at most; of its own any number is kept.</summary>
    public const int MostInherited = 128;

    public static readonly TagList None = new([]);

    private readonly string[] _tags;

    private TagList(string[] tags) => _tags = tags;

    public int Count => _tags.Length;

    public string this[int index] => _tags[index];

    public static TagList Create(ReadOnlySpan<string> tags) => Of(tags.ToArray());

    public static TagList Of(IEnumerable<string> tags) => tags.Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } some ? new TagList(some) : None;

    /// <summary>These, and behind them what <paramref name="others"/> has besides, until there are <see cref="MostInherited"/>.</summary>
    public TagList And(TagList others)
    {
        if (others.Count == 0 || Count >= MostInherited || others.Equals(this))
        {
            return this;
        }

        return Count == 0 && others.Count <= MostInherited ? others : Of(_tags.Concat(others._tags.Except(_tags, StringComparer.Ordinal).Take(MostInherited - Count)));
    }

    public bool Equals(TagList? other) => other is not null && (ReferenceEquals(this, other) || _tags.AsSpan().SequenceEqual(other._tags));

    public override bool Equals(object? obj) => Equals(obj as TagList);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var tag in _tags)
        {
            hash.Add(tag, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_tags).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", _tags);
}
