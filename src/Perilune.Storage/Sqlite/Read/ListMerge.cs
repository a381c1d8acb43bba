using System.Diagnostics;
using Perilune.Model;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>
/// One page out of several files, in the order of their starts, as few of them as the page needs. When the budget runs
/// out in one, the page ends where that file was left: what other files have behind that place waits for the next page.
/// </summary>
internal sealed class ListMerge(ProjectReader project, RunQuery query, TimeSpan budget)
{
    private readonly List<(Run Run, RunPosition At)> _found = [];
    private (RunPosition At, Instant Start)? _horizon;

    public RunPage Read()
    {
        var clock = Stopwatch.StartNew();
        var wanted = query.Offset + query.Limit + 1;
        var files = project.FilesWithStarts();
        foreach (var (file, first, last) in query.Ascending ? files.OrderBy(f => f.First) : files.OrderByDescending(f => f.Last))
        {
            var edge = query.Ascending ? first : last;
            if (query.Sort == RunSort.Start && _found.Count >= wanted && IsBehind(edge.Micros, _found[wanted - 1].At.Value))
            {
                break;
            }

            // With a single file, what is skipped need not be read; with more, any of them may be on the page.
            var part = project.Ask(
                file,
                new ListedRuns([], null),
                reader => ListRuns.Read(reader, query, wanted, files.Count == 1 ? query.Offset : 0, TimeSpan.FromTicks(Math.Max(0, (budget - clock.Elapsed).Ticks))));
            Add(part);
        }

        return Page();
    }

    private void Add(ListedRuns part)
    {
        var seen = _found.Select(f => f.At.Id).ToHashSet();

        // A run that is moving from file to file can be met in both.
        _found.AddRange(part.Found.Where(f => !seen.Contains(f.At.Id)));
        _found.Sort((a, b) => Compare(a.At, b.At));
        if (part.ReachedTo is { } reached && (_horizon is not { } horizon || Compare(reached.At, horizon.At) < 0))
        {
            _horizon = reached;
        }
    }

    private RunPage Page()
    {
        if (_horizon is { } end)
        {
            _found.RemoveAll(f => Compare(f.At, end.At) > 0);
        }

        var shown = _found.Skip(query.Offset).Take(query.Limit).ToList();
        IReadOnlyList<Run> runs = [.. shown.Select(f => f.Run)];
        return _found.Count > query.Offset + query.Limit ? new RunPage(runs, shown[^1].At.ToCursor(), null)
            : _horizon is { } reached ? new RunPage(runs, reached.At.ToCursor(), reached.Start)
            : new RunPage(runs, null, null);
    }

    private bool IsBehind(long edge, long shown) => query.Ascending ? edge > shown : edge < shown;

    private int Compare(RunPosition a, RunPosition b) => query.Ascending ? a.CompareTo(b) : b.CompareTo(a);
}
