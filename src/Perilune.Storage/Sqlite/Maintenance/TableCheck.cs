using Perilune.Model;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>The small tables beside the runs: counts, waiting feedback, end users.</summary>
internal sealed class TableCheck(Database db, Terms terms, ProblemList problems)
{
    public long Users { get; private set; }

    public void Run()
    {
        problems.Guard("The tally", Tally);
        problems.Guard("What waits for its run", Pending);
        problems.Guard("The users", CheckUsers);
    }

    private void Tally()
    {
        using var row = db.PrepareOnce("""
            SELECT type, sum(runs), sum(roots), sum(counted), sum(counted_roots) FROM (
              SELECT type, runs, roots, 0 AS counted, 0 AS counted_roots FROM tally
              UNION ALL
              SELECT coalesce(type, 0), 0, 0, count(*), sum(is_root) FROM run NOT INDEXED GROUP BY 1)
            GROUP BY type HAVING sum(runs) <> sum(counted) OR sum(roots) <> sum(counted_roots)
            """);
        while (row.Step())
        {
            var type = row.Int64(0) == 0 ? "none" : terms.ValueOf(row.Int64(0));
            problems.Add($"The tally of type '{type}' says {row.Int64(1)} runs and {row.Int64(2)} roots; there are {row.Int64(3)} and {row.Int64(4)}.");
        }
    }

    private void Pending()
    {
        using var row = db.PrepareOnce("SELECT id, state FROM pending");
        while (row.Step())
        {
            var (id, state) = (row.Id(0), row.Blob(1).ToArray());
            problems.Guard($"What waits for run {id}", () => problems.Expect(
                new RunEntry(StateReader.Read(id, state, default, terms.ValueOf)).Kind == EntryKind.Pending,
                $"What waits for run {id} says by itself that the run exists."));
        }

        Ids("SELECT id FROM pending WHERE id IN (SELECT id FROM run UNION ALL SELECT id FROM message)", "is kept as waiting for its run, which is there");
    }

    private void Ids(string sql, string problem)
    {
        using var row = db.PrepareOnce(sql);
        while (row.Step())
        {
            problems.Add($"Id {row.Id(0)} {problem}.");
        }
    }

    private void CheckUsers()
    {
        using var row = db.PrepareOnce("SELECT term, first, last, props FROM user");
        while (row.Step())
        {
            Users++;
            var (term, first, last, props) = (row.Int64(0), row.Int64(1), row.Int64(2), row.Blob(3).ToArray());
            problems.Guard($"User {term}", () =>
            {
                _ = PropsCodec.Read(props).Merged;
                problems.Expect(first <= last, $"User '{terms.ValueOf(term)}' was last seen before being first seen.");
            });
        }
    }
}
