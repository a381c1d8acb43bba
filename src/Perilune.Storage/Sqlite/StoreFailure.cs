using Perilune.Storage.Sqlite.Native;
using SQLitePCL;

namespace Perilune.Storage.Sqlite;

/// <summary>Tells failures of the disk or file from failures of ours.</summary>
internal static class StoreFailure
{
    public static bool IsOfEnvironment(Exception e) => e is IOException or UnauthorizedAccessException || e is SqliteException sqlite && Reason(sqlite) is not null;

    /// <summary>What to throw to whoever waits for the write: for trouble with the disk, an error that says so and asks to try again.</summary>
    public static Exception Describe(Exception e, string path) => e switch
    {
        SqliteException sqlite when Reason(sqlite) is { } reason => new StoreUnavailableException($"Nothing was stored: {reason} ({path}).", e) { RetryAfter = TimeSpan.FromSeconds(5) },
        IOException or UnauthorizedAccessException => new StoreUnavailableException($"Nothing was stored: {e.Message}", e) { RetryAfter = TimeSpan.FromSeconds(5) },
        _ => e,
    };

    private static string? Reason(SqliteException e) => e.PrimaryCode switch
    {
        raw.SQLITE_FULL => "the disk is full; free some space on the volume of the data folder",
        raw.SQLITE_READONLY => "the data folder is read-only; make it writable for the user that runs Perilune",
        raw.SQLITE_CANTOPEN => "the run file cannot be opened; check that the data folder exists and is writable",
        raw.SQLITE_IOERR => "the disk reported an error; see the system log",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program holds the run file; only Perilune may open it for writing",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "the run file is damaged; restore it from a backup",
        _ => null,
    };
}
