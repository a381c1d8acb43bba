using Perilune.Model;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class ProjectWriter
{
    private const string SweepPrefix = "sweep:";
    private readonly List<RunFile> _swept = [];
    private readonly List<RunFile> _dropped = [];

    /// <summary>Removes everything of a user from the rows; <see cref="Sweep"/> removes it from the bytes. How many ids that were.</summary>
    public int EraseUser(string user)
    {
        var erased = 0;
        foreach (var writer in _files.Select(Writer).ToList())
        {
            writer.Flush();
            writer.SettleAll();
            var ids = writer.IdsOfUser(user);
            writer.RemoveUser(user);
            Remove(ids, writer);
            erased += ids.Count;
        }

        return erased;
    }

    /// <summary>Takes what nothing refers to any more out of the files from which something was deleted since the last time.</summary>
    public void Sweep()
    {
        foreach (var file in _files.Where(f => _shared.Setting(SweepOf(f)) is not null).ToList())
        {
            Writer(file).Flush();
            Writer(file).Sweep();
            _swept.Add(file);
        }
    }

    /// <summary>Gives back the space of swept files, and with it the last traces of what was deleted. Between transactions.</summary>
    public void Compact()
    {
        foreach (var file in _swept)
        {
            if (_writers.TryGetValue(file, out var writer))
            {
                writer.Compact();
                file.Search.Compact();
                _shared.Unset(SweepOf(file));
            }
        }

        _swept.Clear();
    }

    /// <summary>Keeps the files' logs short. Between transactions, when nobody waits for the last one any more.</summary>
    public void ShortenLogs()
    {
        foreach (var writer in _writers.Values)
        {
            writer.ShortenLog();
        }
    }

    /// <summary>
    /// Shows no run any more that began before <paramref name="since"/>, and removes the files that hold no other. Users
    /// who are known in later files stay known.
    /// </summary>
    public void Forget(Instant since)
    {
        if (since <= _files.Since)
        {
            return;
        }

        _shared.Set(ProjectFile.Since, since.Micros);
        _files.Since = since;
        foreach (var file in _files.Reverse().ToList())
        {
            var writer = Writer(file);
            writer.Flush();
            if (writer.LastStart is { } last && last < since && _files.Count > 1)
            {
                Drop(file, writer);
            }
        }
    }

    private void Drop(RunFile file, RunFileWriter writer)
    {
        var heirs = _files.Where(f => f != file).Select(Writer).ToList();
        foreach (var user in writer.AllUsers())
        {
            (heirs.Find(h => h.KnowsUser(user.Id)) ?? (user.Last >= _files.Since ? heirs[0] : null))?.Inherit(user);
        }

        heirs[0].Inherit(writer.Ledger());
        _used.Remove(writer);
        _writers.Remove(file);
        writer.Rollback();
        writer.Dispose();
        _files.Remove(file);
        _dropped.Add(file);
    }

    // After the commit that lets their users go on in other files.
    private void SetDroppedAside()
    {
        foreach (var file in _dropped)
        {
            file.SetAside();
        }

        if (_dropped.Count > 0)
        {
            Durable.SyncDirectory(_files.Folder);
            _dropped.Clear();
        }
    }

    private static string SweepOf(RunFile file) => SweepPrefix + file.Period.FileName;
}
