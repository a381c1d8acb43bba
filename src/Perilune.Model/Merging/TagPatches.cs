namespace Perilune.Model.Merging;

/// <summary>One statement about a run's tags: some to add, or with <paramref name="Replaces"/> the whole set.</summary>
public sealed record TagPatch(Stamp Stamp, IReadOnlyList<string> Tags, bool Replaces);

/// <summary>The tags of a run: the union of what events added since the last replacement by stamp.</summary>
public sealed class TagPatches
{
    private readonly List<TagPatch> _patches = [];
    private TagList? _merged;

    public IReadOnlyList<TagPatch> Items => _patches;

    public void Add(TagPatch patch)
    {
        if (patch is { Replaces: false, Tags.Count: 0 })
        {
            return;
        }

        var at = _patches.FindIndex(p => p.Stamp >= patch.Stamp);
        if (at >= 0 && _patches[at].Stamp == patch.Stamp)
        {
            return;
        }

        _merged = null;
        _patches.Insert(at < 0 ? _patches.Count : at, patch);
        if (_patches.Count > 1)
        {
            DropHidden();
        }
    }

    public void AddAll(TagPatches other)
    {
        foreach (var patch in other._patches)
        {
            Add(patch);
        }
    }

    public TagList Merged => _merged ??= _patches.Count == 0 ? TagList.None : TagList.Of(_patches.SelectMany(p => p.Tags));

    private void DropHidden()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var covered = false;
        for (var i = _patches.Count - 1; i >= 0; i--)
        {
            var patch = _patches[i];
            if (covered || (!patch.Replaces && patch.Tags.All(seen.Contains)))
            {
                _patches.RemoveAt(i);
                continue;
            }

            covered = patch.Replaces;
            seen.UnionWith(patch.Tags);
        }
    }
}
