namespace Perilune.Model.Merging;

/// <summary>One statement about a run's tags: some to add, or with <paramref name="Replaces"/> the whole set.</summary>
public sealed record TagPatch(Stamp Stamp, IReadOnlyList<string> Tags, bool Replaces);

/// <summary>The tags of a run: the union of what events added since the last replacement by stamp.</summary>
public sealed class TagPatches
{
    private TagPatch[] _patches = [];
    private TagList? _merged;

    public IReadOnlyList<TagPatch> Items => _patches;

    public void Add(TagPatch patch)
    {
        if (patch is { Replaces: false, Tags.Count: 0 })
        {
            return;
        }

        var at = Array.FindIndex(_patches, p => p.Stamp >= patch.Stamp);
        if (at >= 0 && _patches[at].Stamp == patch.Stamp)
        {
            return;
        }

        _merged = null;
        at = at < 0 ? _patches.Length : at;
        _patches = [.. _patches.AsSpan(0, at), patch, .. _patches.AsSpan(at)];
        if (_patches.Length > 1)
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

    public TagList Merged => _merged ??= _patches.Length == 0 ? TagList.None : TagList.Of(_patches.SelectMany(p => p.Tags));

    private void DropHidden()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var covered = false;
        var shown = new Stack<TagPatch>(_patches.Length);
        for (var i = _patches.Length - 1; i >= 0; i--)
        {
            var patch = _patches[i];
            if (covered || (!patch.Replaces && patch.Tags.All(seen.Contains)))
            {
                continue;
            }

            shown.Push(patch);
            covered = patch.Replaces;
            seen.UnionWith(patch.Tags);
        }

        _patches = [.. shown];
    }
}
