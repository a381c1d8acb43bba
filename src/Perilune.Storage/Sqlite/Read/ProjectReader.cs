using System.Diagnostics;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Merging;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>Asks the run files of a project, newest first, as many as the question needs, and puts their answers together.</summary>
internal sealed class ProjectReader(RunFiles files, CancellationToken cancellationToken)
{
    public RunPage List(RunQuery query, TimeSpan budget) => new ListMerge(this, query with { Filter = WithUsers(query.Filter) }, budget).Read();

    public long? Count(RunScope scope, Filter filter, TimeSpan budget)
    {
        var clock = Stopwatch.StartNew();
        filter = WithUsers(filter);
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

    /// <summary>The filter with users in the place of their properties: those are in other files than the runs, too.</summary>
    public Filter WithUsers(Filter filter) => filter.WithUsers(() => Users(reader => reader.Users()).Select(user => (user.Id, user.Props)));

    public IReadOnlyList<EndUser> Users(IReadOnlyCollection<string> ids) =>
        [.. Users(reader => reader.Users(ids)).OrderByDescending(u => u.LastSeen).ThenBy(u => u.Id, StringComparer.Ordinal)];

    private IEnumerable<EndUser> Users(Func<RunFileReader, IEnumerable<(string Id, Instant First, Instant Last, JsonPatches Props)>> known)
    {
        var users = new Dictionary<string, (Instant First, Instant Last, JsonPatches Props)>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            foreach (var (id, first, last, props) in Ask(file, [], reader => known(reader).ToList()))
            {
                if (users.TryGetValue(id, out var before))
                {
                    before.Props.AddAll(props);
                    users[id] = (Instant.Min(before.First, first), Instant.Max(before.Last, last), before.Props);
                }
                else
                {
                    users[id] = (first, last, props);
                }
            }
        }

        return users.Where(u => u.Value.Last >= files.Since).Select(u => new EndUser(u.Key, u.Value.First, u.Value.Last, u.Value.Props.Merged));
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

    /// <summary>Puts a question to every file, as each is at one moment; the answers add up in what the question holds.</summary>
    public void AskAll(Action<RunFileReader> question)
    {
        foreach (var file in files)
        {
            Ask(file, false, reader =>
            {
                reader.AtOneMoment(question);
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
