using Perilune.Server.Hosting;
using Perilune.Storage.Sqlite;

namespace Perilune.Server.Operations;

/// <summary>A folder that appears under its name when it is complete, or not at all.</summary>
internal sealed class NewFolder : IDisposable
{
    private readonly string _target;
    private bool _kept;

    /// <exception cref="StartException">Something is there already.</exception>
    public NewFolder(string target)
    {
        _target = target;
        Path = target + ".partial";
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new StartException($"{target} is there already, and nothing is overwritten. Name a folder that does not exist.");
        }

        if (File.Exists(Path) || Directory.Exists(Path))
        {
            throw new StartException($"{Path} is left of an attempt that was stopped, or belongs to one that is running. Remove it, or name another folder.");
        }

        Durable.CreateDirectory(Path);
    }

    /// <summary>Where to write until <see cref="Keep"/>.</summary>
    public string Path { get; }

    public void Keep()
    {
        if (Directory.Exists(_target))
        {
            Directory.Delete(_target);
        }

        Directory.Move(Path, _target);
        _kept = true;
        Durable.SyncDirectory(System.IO.Path.GetDirectoryName(_target)!);
    }

    public void Dispose()
    {
        if (!_kept)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
