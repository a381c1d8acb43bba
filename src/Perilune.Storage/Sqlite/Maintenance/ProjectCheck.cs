using System.Globalization;
using Perilune.Model;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>What the files of a project, which nobody writes to, say of each other: each id in one of them, and none that was deleted.</summary>
public static class ProjectCheck
{
    /// <summary>What is wrong, the first fifty things at most.</summary>
    public static IReadOnlyList<string> Run(string folder)
    {
        var problems = new ProblemList();
        var files = ProjectFolder.RunFiles(folder).ToList();
        if (files.Count == 0)
        {
            return [];
        }

        var shared = Path.Combine(folder, ProjectFile.Name);
        problems.Guard("The run files together", () =>
        {
            using var db = Database.OpenGuest(File.Exists(shared) ? shared : files[0]);
            if (File.Exists(shared))
            {
                DatabaseCheck.Run(db, problems);
            }

            for (var i = 0; i < files.Count; i++)
            {
                using var attach = db.PrepareOnce("ATTACH ?1 AS one").Bind(1, files[i]);
                attach.Run();
                if (File.Exists(shared))
                {
                    Find(db, "SELECT id FROM main.deleted WHERE done = 1 AND (id IN (SELECT id FROM one.run) OR id IN (SELECT id FROM one.message) OR id IN (SELECT id FROM one.pending))", $"was deleted and is there again, in {Path.GetFileName(files[i])}", problems);
                }

                foreach (var other in files.Skip(i + 1))
                {
                    using var second = db.PrepareOnce("ATTACH ?1 AS two").Bind(1, other);
                    second.Run();
                    Find(db, "SELECT id FROM one.run WHERE id IN (SELECT id FROM two.run UNION ALL SELECT id FROM two.message UNION ALL SELECT id FROM two.pending)", $"is in {Path.GetFileName(files[i])} and in {Path.GetFileName(other)}", problems);
                    Find(db, "SELECT id FROM one.run WHERE id IN (SELECT parent FROM two.run WHERE is_orphan = 1)", $"is in {Path.GetFileName(files[i])} and waited for in {Path.GetFileName(other)}", problems);
                    Find(db, "SELECT id FROM two.run WHERE id IN (SELECT parent FROM one.run WHERE is_orphan = 1)", $"is in {Path.GetFileName(other)} and waited for in {Path.GetFileName(files[i])}", problems);
                    Find(db, "SELECT DISTINCT thread FROM one.message WHERE thread IN (SELECT thread FROM two.message)", $"has messages in {Path.GetFileName(files[i])} and in {Path.GetFileName(other)}", problems);
                    db.Execute("DETACH two");
                }

                db.Execute("DETACH one");
            }
        });
        return problems.First;
    }

    private static void Find(Database db, string sql, string problem, ProblemList problems)
    {
        using var row = db.PrepareOnce(sql);
        while (row.Step())
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"Id {row.Id(0)} {problem}."));
        }
    }
}
