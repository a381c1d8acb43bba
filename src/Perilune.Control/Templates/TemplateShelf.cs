namespace Perilune.Control;

/// <summary>
/// Versions that applications asked for, in memory until their project's templates change: a prompt is fetched before
/// each call of a model, and must not wait for a disk.
/// </summary>
internal sealed class TemplateShelf
{
    private const long MaxCharacters = 16 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Project, string Slug, string? Label), TemplateVersion> _versions = [];
    private readonly Dictionary<Guid, int> _changes = [];
    private long _characters;

    public TemplateVersion? Find(Guid project, string slug, string? label)
    {
        lock (_gate)
        {
            return _versions.GetValueOrDefault((project, slug, label));
        }
    }

    /// <summary>To be taken before a read whose result is to be kept.</summary>
    public int Changes(Guid project)
    {
        lock (_gate)
        {
            return _changes.GetValueOrDefault(project);
        }
    }

    /// <summary>Keeps what was read, unless the project's templates changed since.</summary>
    public void Keep(Guid project, string? label, TemplateVersion version, int changes)
    {
        lock (_gate)
        {
            if (_changes.GetValueOrDefault(project) != changes)
            {
                return;
            }

            var size = version.Content.Length + version.Extra.Length + 256;
            if (_characters + size > MaxCharacters)
            {
                _versions.Clear();
                _characters = 0;
            }

            if (_versions.TryAdd((project, version.Slug, label), version))
            {
                _characters += size;
            }
        }
    }

    public void Changed(Guid project)
    {
        lock (_gate)
        {
            _changes[project] = _changes.GetValueOrDefault(project) + 1;
            foreach (var (key, version) in _versions.Where(v => v.Key.Project == project).ToList())
            {
                _versions.Remove(key);
                _characters -= version.Content.Length + version.Extra.Length + 256;
            }
        }
    }
}
