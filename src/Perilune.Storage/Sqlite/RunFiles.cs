using System.Collections;
using Perilune.Model;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Sqlite;

/// <summary>
/// The run files of a project that are sound, newest period first. Readers go through a list as it was when they began; the project's
/// writer alone adds and removes.
/// </summary>
internal sealed class RunFiles : IEnumerable<RunFile>, IDisposable
{
    /// <summary>What the names of files begin with that are none of the project's any more.</summary>
    internal const string Aside = "dropped-";

    private readonly string _folder;
    private readonly WorkBehind? _behind;
    private readonly Action<string> _damaged;
    private volatile RunFile[] _files;

    /// <param name="folder">The project's folder.</param>
    /// <param name="damaged">Told what is wrong with a file that is left alone from then on.</param>
    /// <param name="behind">Who works behind the writer; null when nobody does.</param>
    public RunFiles(string folder, Action<string>? damaged = null, WorkBehind? behind = null)
    {
        (_folder, _behind) = (folder, behind);
        _damaged = damaged ?? (_ => { });
        _files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "runs-*.db")
                .Select(path => Period.TryParse(Path.GetFileName(path), out var period) ? period : (Period?)null)
                .OfType<Period>()
                .OrderDescending()
                .Select(period => new RunFile(folder, period, _behind, _damaged))]
            : [];
        if (File.Exists(Path.Combine(folder, ProjectFile.Name)))
        {
            using var shared = new ProjectFile(folder);
            Since = shared.Setting(ProjectFile.Since) is { } micros ? new Instant(micros) : Since;
        }
    }

    public string Folder => _folder;

    public int Count => _files.Length;

    /// <summary>Runs that began before this are not kept any more, and not shown.</summary>
    public Instant Since { get; set; } = Instant.MinValue;

    public long LastUsed => _files.Aggregate(0L, (last, file) => Math.Max(last, file.LastUsed));

    /// <summary>The sound file whose period the time is in; null when there is none yet.</summary>
    public RunFile? At(Instant time) => Array.Find(_files, file => !file.IsDamaged && file.Period.Contains(time));

    /// <summary>Whether a file with this period is there, sound or not.</summary>
    public bool Has(Period period) => Array.Exists(_files, file => file.Period == period);

    /// <summary>Leaves the file alone from now on in which the damage was found. False when that is none of these.</summary>
    public bool Quarantine(SqliteException found)
    {
        var file = Array.Find(_files, f => f.Path == found.Path);
        file?.Quarantine(found);
        return file is not null;
    }

    public RunFile Add(Period period)
    {
        var file = new RunFile(_folder, period, _behind, _damaged);
        _files = [.. _files.Append(file).OrderByDescending(f => f.Period)];
        return file;
    }

    public void Remove(RunFile file)
    {
        _files = [.. _files.Where(f => f != file)];
        file.Dispose();
    }

    /// <summary>Gives back the space of files that were set aside, also of those that a crash left.</summary>
    public static void DeleteSetAside(string folder)
    {
        if (Directory.Exists(folder))
        {
            Array.ForEach(Directory.GetFiles(folder, Aside + "*"), File.Delete);
        }
    }

    public IEnumerator<RunFile> GetEnumerator() => _files.Where(file => !file.IsDamaged).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => Array.ForEach(_files, file => file.Dispose());
}
