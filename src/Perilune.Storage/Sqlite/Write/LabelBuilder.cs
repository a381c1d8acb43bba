using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>Works out environments and tags in a file that was written before runs went by those of the runs above them.</summary>
internal static class LabelBuilder
{
    public static void Build(Database db)
    {
        var terms = new Terms(db);
        CopyOwn(db, terms);
        foreach (var trace in LabelledTraces(db))
        {
            HandDown(db, terms, trace);
        }
    }

    private static void CopyOwn(Database db, Terms terms)
    {
        var last = db.ScalarInt64("SELECT max(seq) FROM run");
        var next = db.Prepare("SELECT id, state FROM run WHERE seq = ?1");
        for (var seq = 1L; seq <= last; seq++)
        {
            next.Bind(1, seq);
            var own = next.Step() ? RunProjection.LabelsOf(StateReader.Read(next.Id(0), next.Blob(1), default, terms.ValueOf)) : RunLabels.None;
            next.Reset();
            if (own.Environment is not null || own.Tags.Count > 0)
            {
                db.Prepare("UPDATE run SET own_env = ?2, env = ?2, own_tags = ?3, tags = ?3 WHERE seq = ?1")
                    .Bind(1, seq)
                    .Bind(2, own.Environment is { } environment ? terms.IdOf(environment) : null)
                    .Bind(3, LabelColumns.Encode(own.Tags, terms))
                    .Run();
            }
        }
    }

    // Traces in threads as well, for a thread hands its tags down.
    private static List<RunId> LabelledTraces(Database db)
    {
        var traces = new List<RunId>();
        using var row = db.PrepareOnce(
            "SELECT DISTINCT trace FROM run WHERE own_env IS NOT NULL OR own_tags IS NOT NULL UNION SELECT trace FROM run WHERE thread IN (SELECT id FROM run WHERE own_env IS NOT NULL OR own_tags IS NOT NULL)");
        while (row.Step())
        {
            traces.Add(row.Id(0));
        }

        return traces;
    }

    private static void HandDown(Database db, Terms terms, RunId trace)
    {
        var nodes = new PlacedNodes(db, terms);
        nodes.TryAdd(new UnsettledId(UnsettledKind.Trace, trace));
        var places = nodes.Resolve();
        foreach (var node in nodes.All.Values.Where(node => node.Place.TraceId == trace && places[node.Id].Labels != node.Place.Labels))
        {
            var (before, now) = (node.Place.Labels, places[node.Id].Labels);
            db.Prepare("UPDATE run SET env = ?2, tags = ?3 WHERE seq = ?1")
                .Bind(1, node.Seq)
                .Bind(2, now.Environment is { } environment ? terms.IdOf(environment) : null)
                .Bind(3, LabelColumns.Encode(now.Tags, terms))
                .Run();
            foreach (var tag in now.Tags.Except(before.Tags, StringComparer.Ordinal))
            {
                db.Prepare("INSERT OR IGNORE INTO run_tag(tag, start, seq) VALUES(?1, ?2, ?3)").Bind(1, terms.IdOf(tag)).Bind(2, node.Start.Micros).Bind(3, node.Seq).Run();
            }
        }
    }
}
