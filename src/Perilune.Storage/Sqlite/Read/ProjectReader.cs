using System.Diagnostics;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Merging;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>Asks the run files of a project, newest first, as many as the question needs, and puts their answers together.</summary>
internal sealed class ProjectReader(RunFiles files, CancellationToken cancellationToken)
{
    public RunPage List(RunQuery query, TimeSpan budget) => new ListMerge(this, query, budget).Read();

    public long? Count(RunScope scope, Filter filter, TimeSpan budget)
    {
        var clock = Stopwatch.StartNew();
        var count = 0L;
        foreach (var file in files)
        {
            var left = budget == Timeout.InfiniteTimeSpan ? budget : Larger(budget - clock.Elapsed, TimeSpan.Zero);
            if (Ask<long?>(file, 0, reader => CountRuns.Read(reader, scope, filter, left)) is not { } counted)
            {
                return null;
            }

            count += counted;
        }

        return count;
    }

    public Run? Find(RunId id) => First<Run?>(null, reader => reader.Find(id), run => run is not null);

    public IReadOnlyList<Run> Subtree(RunId id, RunDetail detail) =>
        First<IReadOnlyList<Run>>([], reader => reader.Subtree(id, detail), runs => runs.Count > 0);

    public IReadOnlyList<EndUser> Users(IReadOnlyCollection<string> ids)
    {
        var users = new Dictionary<string, (Instant First, Instant Last, JsonPatches Props)>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var (id, first, last, props) in Ask(file, [], reader => reader.Users(ids).ToList()))
            {
                if (users.TryGetValue(id, out var known))
                {
                    known.Props.AddAll(props);
                    users[id] = (Instant.Min(known.First, first), Instant.Max(known.Last, last), known.Props);
                }
                else
                {
                    users[id] = (first, last, props);
                }
            }
        }

        return [.. users.Where(u => u.Value.Last >= files.Since).Select(u => new EndUser(u.Key, u.Value.First, u.Value.Last, u.Value.Props.Merged)).OrderByDescending(u => u.LastSeen).ThenBy(u => u.Id, StringComparer.Ordinal)];
    }

    public IReadOnlyDictionary<RunId, RunTotals> Totals(RunGroup group, IReadOnlyCollection<RunId> ids)
    {
        var totals = new Dictionary<RunId, RunTotals>(ids.Count);
        foreach (var file in files)
        {
            var rest = ids.Where(id => !totals.ContainsKey(id)).ToList();
            foreach (var (id, sums) in Ask(file, new Dictionary<RunId, RunTotals>(), reader => SumRuns.Read(reader, group, rest)))
            {
                totals.TryAdd(id, sums);
            }
        }

        return totals;
    }

    /// <summary>The files, each with the least and the greatest start of its runs; without those that hold none.</summary>
    public IReadOnlyList<(RunFile File, Instant First, Instant Last)> FilesWithStarts()
    {
        var found = new List<(RunFile, Instant, Instant)>(files.Count);
        foreach (var file in files)
        {
            if (Ask(file, null, reader => reader.Starts()) is { } starts && starts.Last >= files.Since)
            {
                found.Add((file, starts.First, starts.Last));
            }
        }

        return found;
    }

    public T Ask<T>(RunFile file, T none, Func<RunFileReader, T> question) => file.Read(none, files.Since, question, cancellationToken);

    /// <summary>Newest first.</summary>
    public IEnumerable<RunFile> Files => files;

    public IReadOnlySet<string> FileNames => files.Select(file => file.Period.FileName).ToHashSet(StringComparer.Ordinal);

    /// <summary>Runs that began before this, and users last seen before it, are not shown.</summary>
    public Instant Since => files.Since;

    /// <summary>Puts a question to every file; the answers add up in what it holds.</summary>
    public void AskAll(Action<RunFileReader> question)
    {
        foreach (var file in files)
        {
            Ask(file, false, reader =>
            {
                question(reader);
                return true;
            });
        }
    }

    // What hangs together is in one file, so the first that has an answer has all of it.
    private T First<T>(T none, Func<RunFileReader, T> question, Func<T, bool> isAnswer)
    {
        foreach (var file in files)
        {
            if (Ask(file, none, question) is var answer && isAnswer(answer))
            {
                return answer;
            }
        }

        return none;
    }

    private static TimeSpan Larger(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
