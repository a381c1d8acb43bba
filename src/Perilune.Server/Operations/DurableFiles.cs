using System.Security.Cryptography;
using Perilune.Storage.Sqlite;

namespace Perilune.Server.Operations;

/// <summary>Files that are on the disk, for their owner alone, before anyone is told that they are.</summary>
internal static class DurableFiles
{
    private const int BufferBytes = 1 << 20;

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = Create(path);
        file.Write(content);
        Finish(file, path);
    }

    /// <summary>Copies a file to a path that does not exist; the size and SHA-256 of what was written.</summary>
    public static (long Bytes, string Sha256) Copy(string source, string target)
    {
        using var from = File.OpenRead(source);
        using var to = Create(target);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
        }

        var bytes = to.Length;
        Finish(to, target);
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Syncs a file that something else has written; its size and SHA-256.</summary>
    public static (long Bytes, string Sha256) Seal(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        var sealedAs = (file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
        Finish(file, path);
        return sealedAs;
    }

    private static FileStream Create(string path)
    {
        Durable.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static void Finish(FileStream file, string path)
    {
        file.Flush(flushToDisk: true);
        Durable.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
