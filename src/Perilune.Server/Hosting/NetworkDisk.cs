namespace Perilune.Server.Hosting;

/// <summary>
/// Folders on another machine's disk. SQLite's log is memory that processes share and its locks are the file system's: over
/// a network neither holds, and files get damaged.
/// </summary>
internal static class NetworkDisk
{
    private const string Mounts = "/proc/self/mountinfo";

    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "webdav", "davfs", "ncpfs", "coda", "ceph", "lustre", "beegfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.davfs", "fuse.smbnetfs", "fuse.juicefs",
    };

    /// <summary>The kind of network file system that the folder, which exists, is on; null when it is on none.</summary>
    public static string? TypeOf(string folder)
    {
        if (File.Exists(Mounts))
        {
            return TypeOf(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder), File.ReadLines(Mounts));
        }

        var root = Path.GetPathRoot(Path.GetFullPath(folder));
        return root is { Length: > 0 } && new DriveInfo(root).DriveType is DriveType.Network ? "network drive" : null;
    }

    /// <param name="folder">Absolute, without links.</param>
    /// <param name="mounts">Lines of mountinfo; see proc(5).</param>
    internal static string? TypeOf(string folder, IEnumerable<string> mounts)
    {
        var (closest, type) = ("", (string?)null);
        foreach (var fields in mounts.Select(line => line.Split(' ')))
        {
            var (point, separator) = (fields.Length > 4 ? Unescape(fields[4]) : "", Array.IndexOf(fields, "-"));

            // What is mounted later at the same place hides what was there.
            if (separator > 0 && separator + 1 < fields.Length && Holds(point, folder) && point.Length >= closest.Length)
            {
                (closest, type) = (point, fields[separator + 1]);
            }
        }

        return type is not null && s_types.Contains(type) ? type : null;
    }

    private static bool Holds(string point, string folder) =>
        point == "/" || folder == point || folder.StartsWith(point + "/", StringComparison.Ordinal);

    private static string Unescape(string point) => point
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
