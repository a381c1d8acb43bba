using Perilune.Storage.Sqlite.Native;
using SQLitePCL;

namespace Perilune.Storage.Sqlite;

/// <summary>Tells failures of the disk or file from failures of ours.</summary>
internal static class StoreFailure
{
    private const string NoSpace = "the disk is full; free some space on the volume of the data folder";
    private const string NoWriting = "the data folder is read-only; make it writable for the user that runs Perilune";

    public static bool IsOfEnvironment(Exception e) => e is IOException or UnauthorizedAccessException || e is SqliteException sqlite && Reason(sqlite) is not null;

    /// <summary>Whether the connection is as good as before, once there is space again. After anything else it is opened anew.</summary>
    public static bool LeavesConnection(Exception e) => e is SqliteException { PrimaryCode: raw.SQLITE_FULL };

    /// <summary>What to throw to whoever waits for the write: for trouble with the disk, an error that says so and asks to try again.</summary>
    public static Exception OfWrite(Exception e, string path) => Describe(e, "Nothing was stored", path);

    /// <inheritdoc cref="OfWrite"/>
    public static Exception OfRead(Exception e, string path) => Describe(e, "The runs cannot be read", path);

    public static string ReasonOf(Exception e) => e switch
    {
        SqliteException sqlite when Reason(sqlite) is { } reason => reason,

        // ENOSPC of Linux and macOS, ERROR_DISK_FULL, and what FileStream makes of both when it cannot preallocate.
        IOException { HResult: 28 or unchecked((int)0x80070070) or unchecked((int)0x80131620) } => NoSpace,

        // EROFS, ERROR_WRITE_PROTECT
        IOException { HResult: 30 or unchecked((int)0x80070013) } => NoWriting,
        UnauthorizedAccessException => NoWriting,
        _ => e.Message,
    };

    /// <summary>Whether the error that <see cref="OfWrite"/> made says that the disk is full.</summary>
    public static bool IsNoSpace(StoreUnavailableException e) => e.InnerException is { } cause && ReasonOf(cause) == NoSpace;

    private static Exception Describe(Exception e, string what, string path) => IsOfEnvironment(e)
        ? new StoreUnavailableException($"{what}: {ReasonOf(e)} ({path}).", e) { RetryAfter = TimeSpan.FromSeconds(5) }
        : e;

    private static string? Reason(SqliteException e) => e.PrimaryCode switch
    {
        raw.SQLITE_FULL => NoSpace,
        raw.SQLITE_READONLY => NoWriting,
        raw.SQLITE_CANTOPEN => "the run file cannot be opened; check that the data folder exists and is writable",
        raw.SQLITE_IOERR when e.Code == raw.SQLITE_IOERR_SHMSIZE => NoSpace,
        raw.SQLITE_IOERR => "the disk reported an error; see the system log",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program holds the run file; only Perilune may open it for writing",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "the run file is damaged; restore it from a backup",
        _ => null,
    };
}
