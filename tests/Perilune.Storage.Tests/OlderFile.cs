using System.Globalization;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Tests;

/// <summary>Takes from a run file what later versions added to it.</summary>
internal static class OlderFile
{
    private static readonly (int Since, string Undo)[] s_added =
    [
        (8, "DROP TABLE unsettled"),
        (7, "ALTER TABLE run DROP COLUMN env; ALTER TABLE run DROP COLUMN own_env; ALTER TABLE run DROP COLUMN tags; ALTER TABLE run DROP COLUMN own_tags; DELETE FROM run_tag WHERE tag = (SELECT id FROM term WHERE value = 'from above') AND seq > 1; DELETE FROM rollup; DELETE FROM user_day; DELETE FROM user_total; DELETE FROM day_user"),

        // Sums held repeats before: whatever they say is not to be believed.
        (6, "DROP TABLE user_total; DROP TABLE day_user; DROP INDEX run_repeat; DROP INDEX run_failed_name; DELETE FROM rollup; DELETE FROM user_day"),
        (5, "DROP TABLE count_change; DROP TABLE stacked; DROP INDEX run_call; DROP INDEX run_own_thread; ALTER TABLE run DROP COLUMN own_thread; ALTER TABLE run DROP COLUMN call; ALTER TABLE run DROP COLUMN is_repeat"),
        (4, "DROP TABLE change; DROP TABLE ceiling"),
        (3, "DROP TABLE rollup; DROP TABLE user_day; DROP TABLE ledger; DROP TABLE arrival; DROP TABLE refusal; DROP TABLE ledger_of_dropped"),
        (2, "ALTER TABLE run DROP COLUMN attributes"),
    ];

    public static void Make(string path, int version)
    {
        using var db = Database.OpenWriter(path);
        foreach (var (_, undo) in s_added.Where(step => step.Since > version))
        {
            db.Execute(undo);
        }

        db.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version}"));
    }
}
