using System.Collections;
using Perilune.Model;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Sqlite;

/// <summary>
/// The run files of a project, newest period first. Readers go through a list as it was when they began; the project's
/// writer alone adds and removes.
/// </summary>
internal sealed class RunFiles : IEnumerable<RunFile>, IDisposable
{
    private readonly string _folder;
    private volatile RunFile[] _files;

    public RunFiles(string folder)
    {
        _folder = folder;
        _files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "runs-*.db")
                .Select(path => Period.TryParse(Path.GetFileName(path), out var period) ? period : (Period?)null)
                .OfType<Period>()
                .OrderDescending()
                .Select(period => new RunFile(folder, period))]
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

    /// <summary>The file whose period the time is in; null when there is none yet.</summary>
    public RunFile? At(Instant time) => Array.Find(_files, file => file.Period.Contains(time));

    public RunFile Add(Period period)
    {
        var file = new RunFile(_folder, period);
        _files = [.. _files.Append(file).OrderByDescending(f => f.Period)];
        return file;
    }

    public void Remove(RunFile file)
    {
        _files = [.. _files.Where(f => f != file)];
        file.Dispose();
    }

    public IEnumerator<RunFile> GetEnumerator() => ((IEnumerable<RunFile>)_files).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => Array.ForEach(_files, file => file.Dispose());
}
