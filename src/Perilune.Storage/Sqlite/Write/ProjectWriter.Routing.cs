using Perilune.Model;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class ProjectWriter
{
    private static readonly TimeSpan ShortTime = TimeSpan.FromDays(91);
    private readonly List<RunId> _keys = [];
    private readonly List<RunFileWriter> _owners = [];

    /// <summary>
    /// The file of what the event is about or hangs together with; else that of the time it came. What hangs together is
    /// in one file: when an event ties together parts of two, the part in the older file moves.
    /// </summary>
    private RunFileWriter Route(RunEvent e)
    {
        var current = _files.At(e.ReceivedAt) ?? _files.Add(NewPeriod(e.ReceivedAt));
        if (_files.Count == 1)
        {
            return Writer(current);
        }

        _keys.Clear();
        _keys.Add(e.Id);
        if (e.ParentId is { } parent)
        {
            _keys.Add(parent);
        }

        if (e.TraceThreadId is { } thread)
        {
            _keys.Add(thread);
        }

        if (e.Kind == RunEventKind.Chat)
        {
            _keys.Add(RunId.FromPython(e.ClientId ?? e.Id.ToString(), _project.ToString()));
        }

        FindOwners();
        var writer = _owners.Count switch
        {
            0 => Writer(current),
            1 => _owners[0],
            _ => Join(),
        };
        foreach (var key in _keys)
        {
            writer.Name(key);
        }

        return writer;
    }

    private void FindOwners()
    {
        _owners.Clear();
        foreach (var file in _files)
        {
            if (file.Filter is not { IsFull: false } filter)
            {
                Writer(file).Flush();
                file.Filter = filter = Writer(file).NewFilter();
            }

            foreach (var key in _keys)
            {
                if (filter.MayContain(key) && Writer(file).Knows(key))
                {
                    _owners.Add(Writer(file));
                    break;
                }
            }
        }
    }

    private RunFileWriter Join()
    {
        var target = _owners.MaxBy(w => w.File.Period)!;
        foreach (var source in _owners.Where(w => w != target))
        {
            source.Flush();
            source.SettleAll();
            foreach (var key in _keys)
            {
                Move(source.Connected(key), source, target);
            }
        }

        return target;
    }

    private void Move(List<RunId> ids, RunFileWriter source, RunFileWriter target)
    {
        if (ids.Count == 0)
        {
            return;
        }

        _shared.AddMoved(ids, source.File.Period.FileName, target.File.Period.FileName);
        _mustSettle = true;
        var moved = source.Read(ids);
        source.Remove(ids, isDeletion: false);
        source.Flush();
        target.Put(moved);
    }

    private Period NewPeriod(Instant time)
    {
        var isLarge = _files.FirstOrDefault() is { } newest && new FileInfo(newest.Path) is { Exists: true, Length: > LargeFile };

        // What is kept for a short time goes a week late at most, rather than a month.
        var isShort = _files.Since > Instant.MinValue && time - _files.Since <= ShortTime;
        var month = Period.MonthOf(time);
        return isLarge || isShort || _files.Has(month) ? Period.WeekOf(time) : month;
    }
}
