using System.Globalization;
using Perilune.Storage.Sqlite;

namespace Perilune.Server.Hosting;

/// <summary>The data folder, held by this process alone until disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string ControlDatabase => System.IO.Path.Combine(Path, "control.db");

    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <exception cref="StartException">Another process holds the folder, it is on a network file system, or it cannot be written to.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Durable.CreateDirectory(path);
            if (NetworkDisk.TypeOf(path) is { } type)
            {
                throw new StartException($"The data folder {path} is on a network file system ({type}), where SQLite's log and locks do not hold and files get damaged. Set PERILUNE_DATA to a folder on a disk of this machine.");
            }

            var folder = new DataFolder(path, Lock(path));
            Durable.CreateDirectory(folder.Keys);
            return folder;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartException($"Perilune cannot use its data folder {path}: {e.Message} Give this user the right to write there, or set PERILUNE_DATA to another folder.");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        var pidFile = System.IO.Path.Combine(path, "perilune.pid");
        FileStream stream;
        try
        {
            stream = new FileStream(System.IO.Path.Combine(path, "perilune.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new StartException($"The data folder {path} is in use by {Holder(pidFile)}. Stop that process, or set PERILUNE_DATA to another folder.");
        }

        try
        {
            // A file of its own: the locked one cannot be read by others.
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The disk is full. The file only serves a message; the store says what is wrong.
        }

        return stream;
    }

    /// <summary>EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION.</summary>
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Holder(string pidFile)
    {
        var pid = File.Exists(pidFile) ? File.ReadAllText(pidFile) : "";
        return pid.Length > 0 ? $"process {pid}" : "another process";
    }
}
