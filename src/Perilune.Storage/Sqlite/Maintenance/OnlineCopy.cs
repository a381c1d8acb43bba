using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>Copies a database that another process may be writing to.</summary>
public static class OnlineCopy
{
    /// <summary>
    /// Writes the state of the last commit before the call, or a later one, to a new file. One read transaction for the
    /// whole copy: in steps, each commit of the writer would begin it anew.
    /// </summary>
    /// <exception cref="IOException">The database cannot be read or the copy not written.</exception>
    public static void Run(string source, string target)
    {
        try
        {
            using var db = Database.OpenGuest(source);
            db.CopyTo(target);
        }
        catch (SqliteException e)
        {
            throw new IOException($"{source} cannot be copied to {target}: {e.Message}", e);
        }
    }
}
