namespace Perilune.Storage.Tests;

/// <summary>What a kill would leave of a data folder, while the store that has it open goes on.</summary>
internal static class FolderCopy
{
    /// <summary>Copies the files as they stand at one moment; those that SQLite shares between processes die with them.</summary>
    /// <returns>The folder of the copy.</returns>
    public static string OfRunning(string folder)
    {
        while (true)
        {
            var copy = Directory.CreateTempSubdirectory("perilune-killed-").FullName;
            var before = Stamps(folder);
            if (TryCopy(folder, copy) && Stamps(folder) == before)
            {
                return copy;
            }

            // A thread of the store's own was writing: its files are of two moments.
            Directory.Delete(copy, recursive: true);
        }
    }

    private static bool TryCopy(string folder, string copy)
    {
        try
        {
            foreach (var file in Files(folder))
            {
                var target = Path.Combine(copy, Path.GetRelativePath(folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Stamps(string folder) => string.Join('\n', Files(folder).Select(f => new FileInfo(f)).Select(f => $"{f.FullName} {(f.Exists ? f.Length : -1)} {f.LastWriteTimeUtc.Ticks}"));
}
