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

    /// <exception cref="StartException">Another process holds the folder, or it cannot be written to.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Durable.CreateDirectory(path);
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
        catch (IOException) when (File.Exists(pidFile))
        {
            throw new StartException($"The data folder {path} is in use by process {File.ReadAllText(pidFile)}. Stop that process, or set PERILUNE_DATA to another folder.");
        }

        // A file of its own: the locked one cannot be read by others.
        File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return stream;
    }
}
