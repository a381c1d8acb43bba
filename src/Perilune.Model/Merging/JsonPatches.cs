using System.Text.Json;

namespace Perilune.Model.Merging;

/// <summary>One statement about a JSON object: keys to set, or with <paramref name="Replaces"/> the whole value.</summary>
public sealed record JsonPatch(Stamp Stamp, RawJson Value, bool Replaces);

/// <summary>
/// A JSON object that several events write to (metadata, feedback): per key the greatest stamp wins. Patches are kept as
/// they were sent, in stamp order, as long as a later one does not hide them wholly, so a value that only one event
/// wrote is returned byte for byte.
/// </summary>
public sealed class JsonPatches
{
    private JsonPatch[] _patches = [];

    // Absent while it is not known.
    private RawJson _merged;

    public IReadOnlyList<JsonPatch> Items => _patches;

    public void Add(JsonPatch patch)
    {
        var at = Array.FindIndex(_patches, p => p.Stamp >= patch.Stamp);
        if (at >= 0 && _patches[at].Stamp == patch.Stamp)
        {
            return;
        }

        // What is said again hides what was said: the props of a user come with each of the user's runs.
        if (at < 0 && _patches is [.., var last] && last.Replaces == patch.Replaces && last.Value.Span.SequenceEqual(patch.Value.Span))
        {
            _patches[^1] = patch;
            return;
        }

        at = at < 0 ? _patches.Length : at;
        _patches = [.. _patches.AsSpan(0, at), patch, .. _patches.AsSpan(at)];
        _merged = default;
        if (_patches.Length > 1)
        {
            DropHidden();
        }
    }

    public void AddAll(JsonPatches other)
    {
        foreach (var patch in other._patches)
        {
            Add(patch);
        }
    }

    /// <summary>The merged value; absent when nothing was ever written.</summary>
    public RawJson Merged => _patches.Length switch
    {
        0 => default,
        1 => _patches[0].Value,
        _ => _merged = _merged.IsAbsent ? Merge() : _merged,
    };

    private static bool IsWhole(JsonPatch patch) => patch.Replaces || !patch.Value.IsObject;

    // A whole value hides everything before it; an object patch is hidden when later ones write each of its keys.
    private void DropHidden()
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        var covered = false;
        var shown = new Stack<JsonPatch>(_patches.Length);
        for (var i = _patches.Length - 1; i >= 0; i--)
        {
            var keys = IsWhole(_patches[i]) ? null : Members(_patches[i].Value).ConvertAll(m => m.Key);
            if (covered || (keys is not null && i < _patches.Length - 1 && keys.TrueForAll(written.Contains)))
            {
                continue;
            }

            shown.Push(_patches[i]);
            covered |= keys is null;
            keys?.ForEach(k => written.Add(k));
        }

        _patches = [.. shown];
    }

    private RawJson Merge()
    {
        var whole = default(RawJson);
        var members = new Dictionary<string, (int Order, ReadOnlyMemory<byte> Raw)>(StringComparer.Ordinal);
        var order = 0;
        foreach (var patch in _patches)
        {
            if (IsWhole(patch))
            {
                members.Clear();
                whole = patch.Value;
                if (!patch.Value.IsObject)
                {
                    continue;
                }
            }

            foreach (var (key, raw) in Members(patch.Value))
            {
                members[key] = (order++, raw);
            }
        }

        return members.Count == 0 ? whole : Join([.. members.Values.OrderBy(m => m.Order).Select(m => m.Raw)]);
    }

    private static RawJson Join(List<ReadOnlyMemory<byte>> members)
    {
        var bytes = new byte[1 + members.Sum(m => m.Length + 1)];
        bytes[0] = (byte)'{';
        var at = 1;
        foreach (var raw in members)
        {
            raw.Span.CopyTo(bytes.AsSpan(at));
            at += raw.Length;
            bytes[at++] = (byte)',';
        }

        bytes[^1] = (byte)'}';
        return new RawJson(bytes);
    }

    // Keys are compared by their raw bytes as text, so that an escape that no string can hold (a lone surrogate) is only
    // a different key; the raw form of a member runs from its key to the end of its value.
    private static List<(string Key, ReadOnlyMemory<byte> Raw)> Members(RawJson value)
    {
        var members = new List<(string, ReadOnlyMemory<byte>)>();
        var reader = new Utf8JsonReader(value.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var key = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            reader.Skip();
            members.Add((key, value.Utf8[start..(int)reader.BytesConsumed]));
        }

        return members;
    }
}
