using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Perilune.Server.Hosting;
using Perilune.Storage.Sqlite.Maintenance;

namespace Perilune.Server.Operations;

/// <summary>
/// Copies a data folder that a server may be using. The control database first: every project whose events were
/// acknowledged before is in it, and its run files are copied after. Each file is copied as of one moment.
/// </summary>
internal static class BackupVerb
{
    public static int Run(string data, string target)
    {
        if (!File.Exists(Path.Combine(data, DataFiles.Control)))
        {
            throw new StartException($"There is no Perilune data in {data}. Set PERILUNE_DATA to the folder to back up.");
        }

        if ((target + Path.DirectorySeparatorChar).StartsWith(data + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new StartException($"{target} lies in the data folder itself. Name a folder outside {data}, best on another disk.");
        }

        try
        {
            var manifest = Copy(data, target);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: {manifest.Files.Count:N0} files, {manifest.Files.Sum(f => f.Bytes):N0} bytes."));
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"No backup was made: {e.Message}");
        }
    }

    private static BackupManifest Copy(string data, string target)
    {
        using var folder = new NewFolder(target);
        var begun = TimeProvider.System.GetUtcNow();
        var files = new List<BackedUpFile> { CopyDatabase(data, Path.Combine(data, DataFiles.Control), folder.Path) };
        foreach (var file in ProjectFolder.All(data).SelectMany(ProjectFolder.Databases))
        {
            files.Add(CopyDatabase(data, file, folder.Path));
        }

        foreach (var key in DataFiles.Keys(data))
        {
            var name = Path.GetRelativePath(data, key);
            files.Add(Entry(name, DurableFiles.Copy(key, Path.Combine(folder.Path, name))));
        }

        var version = typeof(BackupVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var manifest = new BackupManifest(BackupManifest.CurrentFormat, version, begun, files);
        DurableFiles.Write(Path.Combine(folder.Path, BackupManifest.FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        folder.Keep();
        return manifest;
    }

    private static BackedUpFile CopyDatabase(string data, string source, string folder)
    {
        var name = Path.GetRelativePath(data, source);
        var target = Path.Combine(folder, name);

        // Made empty first: SQLite would let others read it.
        DurableFiles.Write(target, []);
        OnlineCopy.Run(source, target);
        return Entry(name, DurableFiles.Seal(target));
    }

    private static BackedUpFile Entry(string name, (long Bytes, string Sha256) written) =>
        new(name.Replace(Path.DirectorySeparatorChar, '/'), written.Bytes, written.Sha256);
}
