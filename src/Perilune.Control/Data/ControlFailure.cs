using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Perilune.Control.Data;

/// <summary>Tells what is wrong with the disk from what is wrong with us.</summary>
internal static class ControlFailure
{
    /// <summary>What to tell people; null for failures that are no fault of the disk.</summary>
    public static string? Reason(Exception e) => e switch
    {
        DbUpdateException { InnerException: SqliteException inner } => Reason(inner),
        SqliteException { SqliteErrorCode: raw.SQLITE_FULL } or SqliteException { SqliteExtendedErrorCode: raw.SQLITE_IOERR_SHMSIZE } =>
            "the disk is full; free some space on the volume of the data folder",
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY } => "the data folder is read-only; make it writable for the user that runs Perilune",
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN } => "control.db cannot be opened; check that the data folder exists and is writable",
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } => "the disk reported an error; see the system log",
        _ => null,
    };
}
