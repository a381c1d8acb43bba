using System.Globalization;
using System.IO.Hashing;
using Perilune.Model.Words;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// The tables of the index beside a run file. <c>word</c> has a document per body, with the body's number, and one per run
/// and change of it for what its payloads hold outside of bodies, numbered from <see cref="FirstLiteral"/>; <c>piece</c>
/// and <c>literal</c> say which run a document comes from. <c>reuse</c> leads from there to later runs: <c>user</c> holds
/// bodies that <c>owner</c> holds too, the last of them <c>upto</c>. Whoever follows it from the run that a body comes from,
/// as long as <c>upto</c> is not less than the body, meets every run that holds it (and some that do not).
/// </summary>
internal static class SearchSchema
{
    /// <summary>Numbers from here on are literals' documents, those below are bodies.</summary>
    public const long FirstLiteral = 1L << 40;

    private const int Form = 1;

    private const string Tables = """
        CREATE TABLE progress(id INTEGER PRIMARY KEY, body INTEGER NOT NULL, run INTEGER NOT NULL, change INTEGER NOT NULL, mark INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES(1, 0, 0, 0, 0);
        CREATE TABLE piece(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, run INTEGER NOT NULL) STRICT;
        CREATE TABLE literal(id INTEGER PRIMARY KEY, run INTEGER NOT NULL) STRICT;
        CREATE TABLE reuse(owner INTEGER NOT NULL, user INTEGER NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY(owner, user)) STRICT, WITHOUT ROWID;
        CREATE VIRTUAL TABLE word USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii');
        CREATE VIRTUAL TABLE vocabulary USING fts5vocab(word, row);
        """;

    private const string Drop = """
        DROP TABLE IF EXISTS vocabulary; DROP TABLE IF EXISTS word; DROP TABLE IF EXISTS reuse; DROP TABLE IF EXISTS literal;
        DROP TABLE IF EXISTS piece; DROP TABLE IF EXISTS progress;
        """;

    /// <summary>What the words depend on besides the texts: the runtime brings the tables of characters.</summary>
    private static int Version => (Form * 1_000_000) + (WordReader.Version * 1000) + Environment.Version.Major;

    public static bool IsCurrent(Database db) => db.ScalarInt64("PRAGMA user_version") == Version;

    public static void Ensure(Database db)
    {
        if (!IsCurrent(db))
        {
            Reset(db);
        }
    }

    /// <summary>Empties the index, so that it is made anew.</summary>
    public static void Reset(Database db)
    {
        db.Execute("BEGIN IMMEDIATE");
        try
        {
            db.Execute(Drop + Tables + string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Version}"));
            db.Execute("COMMIT");
        }
        catch
        {
            db.Execute("ROLLBACK");
            throw;
        }
    }
}

/// <summary>How far an index got: every body, run and change of a run up to these numbers is in it.</summary>
/// <param name="Mark">A hash of the last body, to notice that the run file is another one.</param>
internal readonly record struct SearchProgress(long Body, long Run, long Change, long Mark)
{
    public static SearchProgress Read(Database db)
    {
        var row = db.Prepare("SELECT body, run, change, mark FROM progress");
        var progress = row.Step() ? new SearchProgress(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3)) : default;
        row.Reset();
        return progress;
    }

    public static long MarkOf(ReadOnlySpan<byte> body) => (long)XxHash3.HashToUInt64(body);

    /// <summary>Whether this is about that run file, and not about a newer one in whose place an older copy was put.</summary>
    public bool IsOf(Database runs)
    {
        if (Body == 0)
        {
            return Run <= runs.ScalarInt64("SELECT max(seq) FROM run");
        }

        var row = runs.Prepare("SELECT data FROM body WHERE id = ?1").Bind(1, Body);
        var isSame = row.Step() && MarkOf(row.Blob(0)) == Mark;
        row.Reset();
        return isSame;
    }

    public void Write(Database db) =>
        db.Prepare("UPDATE progress SET body = ?1, run = ?2, change = ?3, mark = ?4").Bind(1, Body).Bind(2, Run).Bind(3, Change).Bind(4, Mark).Run();
}
