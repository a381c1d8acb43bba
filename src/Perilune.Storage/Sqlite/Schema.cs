using System.Globalization;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>
/// The tables of a run file. Strings that repeat (types, names, users, tags) are numbers of <c>term</c>; payloads are
/// ropes over <c>body</c> (see <see cref="Bodies.Rope"/>); <c>state</c> is the whole merge state of a run, and every other
/// column of <c>run</c> only repeats a part of it so that it can be searched.
/// </summary>
internal static class Schema
{
    public const int Version = 8;

    private const string Tables = """
        CREATE TABLE term(id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE) STRICT;

        CREATE TABLE body(id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

        CREATE TABLE run(
          seq INTEGER PRIMARY KEY,
          id BLOB NOT NULL,
          trace BLOB NOT NULL,
          parent BLOB,
          thread BLOB,
          sibling BLOB,
          start INTEGER NOT NULL,
          duration INTEGER,
          type INTEGER,
          status INTEGER NOT NULL,
          name INTEGER,
          user INTEGER,
          own_user INTEGER,
          tokens INTEGER,
          cost INTEGER,
          is_root INTEGER NOT NULL,
          is_orphan INTEGER NOT NULL,
          state BLOB NOT NULL,
          input BLOB,
          output BLOB,
          error BLOB,
          params BLOB,
          attributes BLOB,
          call INTEGER,
          is_repeat INTEGER NOT NULL DEFAULT 0,
          own_thread BLOB,
          env INTEGER,
          own_env INTEGER,
          tags BLOB,
          own_tags BLOB
        ) STRICT;
        CREATE UNIQUE INDEX run_id ON run(id);
        CREATE INDEX run_start ON run(start, id);
        CREATE INDEX run_trace ON run(trace);
        CREATE INDEX run_type ON run(type, start, id);
        CREATE INDEX run_name ON run(name, start, id);
        CREATE INDEX run_user ON run(user, start, id) WHERE user IS NOT NULL;
        CREATE INDEX run_thread ON run(thread) WHERE thread IS NOT NULL;
        CREATE INDEX run_root ON run(start, id) WHERE is_root = 1;
        CREATE INDEX run_failed ON run(start, id) WHERE status = 3;
        CREATE INDEX run_orphan ON run(parent) WHERE is_orphan = 1;

        CREATE TABLE tally(type INTEGER PRIMARY KEY, runs INTEGER NOT NULL, roots INTEGER NOT NULL) STRICT;

        CREATE TABLE run_tag(tag INTEGER NOT NULL, start INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(tag, start, seq)) STRICT, WITHOUT ROWID;

        CREATE TABLE message(
          id BLOB PRIMARY KEY,
          thread BLOB NOT NULL,
          time INTEGER NOT NULL,
          role INTEGER,
          retry INTEGER NOT NULL,
          chat BLOB,
          alias BLOB,
          body BLOB,
          state BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX message_thread ON message(thread, time, role, retry);
        CREATE INDEX message_alias ON message(alias) WHERE alias IS NOT NULL;

        CREATE TABLE pending(id BLOB PRIMARY KEY, state BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE user(term INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, props BLOB NOT NULL) STRICT;
        """;

    private const string CountTables = """
        CREATE TABLE rollup(
          day INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          part INTEGER NOT NULL,
          type INTEGER NOT NULL,
          value INTEGER NOT NULL,
          data BLOB NOT NULL,
          PRIMARY KEY(day, kind, part, type, value)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE user_day(day INTEGER NOT NULL, user INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(day, user)) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger(day INTEGER NOT NULL, type INTEGER NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY(day, type)) STRICT, WITHOUT ROWID;
        CREATE TABLE arrival(day INTEGER NOT NULL, key TEXT NOT NULL, client TEXT NOT NULL, stored INTEGER NOT NULL, refused INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(day, key, client)) STRICT, WITHOUT ROWID;
        CREATE TABLE refusal(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, key TEXT NOT NULL, client TEXT NOT NULL, event TEXT, reason TEXT NOT NULL) STRICT;
        CREATE TABLE ledger_of_dropped(source TEXT NOT NULL, day INTEGER NOT NULL, type TEXT NOT NULL, runs INTEGER NOT NULL, PRIMARY KEY(source, day, type)) STRICT, WITHOUT ROWID;
        """;

    // change: runs whose payloads were written again after they were new, which the index of words has to look at again.
    // ceiling: the greatest seq of a run that was removed, so that none is given twice.
    private const string Changes = """
        CREATE TABLE change(id INTEGER PRIMARY KEY, run INTEGER NOT NULL) STRICT;
        CREATE TABLE ceiling(id INTEGER PRIMARY KEY CHECK(id = 1), run INTEGER NOT NULL) STRICT;
        """;

    private const string CountChanges = "CREATE TABLE count_change(id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;";

    // What each user did in all, since lists of users ask for many at once; and who did anything on a day.
    private const string UserTotals = """
        CREATE TABLE user_total(user INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
        CREATE TABLE day_user(day INTEGER NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY(day, part)) STRICT, WITHOUT ROWID;
        """;

    // What fails is asked for by name, and counted; a name alone may lead through most of the file.
    private const string Rarities = """
        CREATE INDEX run_repeat ON run(type) WHERE is_repeat = 1;
        CREATE INDEX run_failed_name ON run(name, start, id, type) WHERE status = 3;
        """;

    private const string OwnThreads = "CREATE INDEX run_own_thread ON run(own_thread) WHERE own_thread IS NOT NULL;";

    // call: a hash of the provider's id of the call. stacked: traces in which a call may be reported by several runs.
    private const string Stacks = """
        CREATE INDEX run_call ON run(call) WHERE call IS NOT NULL;
        CREATE TABLE stacked(trace BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
        """;

    // Around what the rows may not say yet what they are to say: see Settling.Unsettled.
    private const string UnsettledTable = "CREATE TABLE unsettled(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, run BLOB NOT NULL, is_open INTEGER NOT NULL) STRICT;";

    /// <summary>Questions for the terms that columns refer to; states refer to more.</summary>
    public static readonly string[] TermColumns =
    [
        "SELECT DISTINCT type FROM run", "SELECT DISTINCT name FROM run", "SELECT DISTINCT user FROM run", "SELECT DISTINCT own_user FROM run", "SELECT DISTINCT env FROM run", "SELECT DISTINCT own_env FROM run",
        "SELECT DISTINCT tag FROM run_tag", "SELECT type FROM tally WHERE runs <> 0", "SELECT term FROM user", "SELECT type FROM ledger", "SELECT DISTINCT value FROM rollup",
    ];

    /// <summary>What leads from each version to the next, from version 1 on. Steps only add.</summary>
    private static readonly Action<Database>[] s_steps =
    [
        db => db.Execute("ALTER TABLE run ADD COLUMN attributes BLOB"),
        db =>
        {
            db.Execute(CountTables);
            CountBuilder.BuildLedger(db);
        },
        db => db.Execute(Changes),
        db =>
        {
            db.Execute("ALTER TABLE run ADD COLUMN call INTEGER; ALTER TABLE run ADD COLUMN is_repeat INTEGER NOT NULL DEFAULT 0; ALTER TABLE run ADD COLUMN own_thread BLOB;" + CountChanges + Stacks + OwnThreads);
            CallStacks.Build(db);
        },

        db => db.Execute(UserTotals + Rarities),

        // Sums hold no repeats since the version before, and since this one go by the tags and environments of runs above.
        db =>
        {
            db.Execute("ALTER TABLE run ADD COLUMN env INTEGER; ALTER TABLE run ADD COLUMN own_env INTEGER; ALTER TABLE run ADD COLUMN tags BLOB; ALTER TABLE run ADD COLUMN own_tags BLOB");
            LabelBuilder.Build(db);
            CountBuilder.BuildSums(db);
        },

        db => db.Execute(UnsettledTable),
    ];

    /// <summary>Whether the file was created but never written to: its disk was full, or the process ended at that moment.</summary>
    public static bool IsMissing(Database db) => db.ScalarInt64("PRAGMA user_version") == 0;

    public static bool IsCurrent(Database db) => db.ScalarInt64("PRAGMA user_version") == Version;

    /// <summary>Creates the tables in a new file, and adds what an older one lacks; refuses one that a newer Perilune wrote.</summary>
    public static void Ensure(Database db, string path)
    {
        if (IsCurrent(db))
        {
            return;
        }

        db.Execute("BEGIN IMMEDIATE");
        try
        {
            // Read again: a reader and the writer may both have come to do this.
            var version = db.ScalarInt64("PRAGMA user_version");
            if (version > Version)
            {
                throw IsNewer(path, version, Version);
            }

            if (version == 0)
            {
                db.Execute(Tables + CountTables + Changes + CountChanges + Stacks + OwnThreads + UserTotals + Rarities + UnsettledTable);
            }
            else
            {
                foreach (var step in s_steps.Skip((int)version - 1))
                {
                    step(db);
                }
            }

            db.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Version};COMMIT"));
        }
        catch
        {
            db.Execute("ROLLBACK");
            throw;
        }
    }

    public static InvalidOperationException IsNewer(string path, long version, int known) => new(
        $"{path} was written by a newer Perilune (file version {version}, this one reads up to {known}). Start the newer version again, or restore a backup made with this one.");
}
