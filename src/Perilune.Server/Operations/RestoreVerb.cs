using System.Text.Json;
using Perilune.Server.Hosting;
using Perilune.Storage.Sqlite.Maintenance;

namespace Perilune.Server.Operations;

/// <summary>Makes a new data folder of a backup whose every byte is as it was written.</summary>
internal static class RestoreVerb
{
    public static int Run(string backup, string target)
    {
        try
        {
            var manifest = Read(backup);
            using var folder = new NewFolder(target);
            foreach (var file in manifest.Files)
            {
                Copy(backup, file, folder.Path);
            }

            foreach (var project in ProjectFolder.All(folder.Path))
            {
                ProjectFolder.Reconcile(project);
            }

            folder.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StartException($"Nothing was restored: {e.Message}");
        }

        Console.WriteLine($"Restored to {target}. Checking it:");
        return VerifyVerb.RunAlone(target);
    }

    private static BackupManifest Read(string backup)
    {
        var path = Path.Combine(backup, BackupManifest.FileName);
        if (!File.Exists(path))
        {
            throw new StartException($"{backup} is no backup: it has no {BackupManifest.FileName}.");
        }

        var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest)!;
        return manifest.Format == BackupManifest.CurrentFormat
            ? manifest
            : throw new StartException($"{path} has format {manifest.Format}; this Perilune reads format {BackupManifest.CurrentFormat}. Restore it with the version that made it, {manifest.Version}.");
    }

    private static void Copy(string backup, BackedUpFile file, string folder)
    {
        var target = Path.GetFullPath(Path.Combine(folder, file.Path));
        if (!target.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new IOException($"the manifest names '{file.Path}', which lies outside the backup.");
        }

        var written = DurableFiles.Copy(Path.Combine(backup, file.Path), target);
        if (written != (file.Bytes, file.Sha256))
        {
            throw new IOException($"{file.Path} is not as it was backed up: {written.Bytes} bytes with SHA-256 {written.Sha256}, where the manifest says {file.Bytes} and {file.Sha256}. Use another backup.");
        }
    }
}
