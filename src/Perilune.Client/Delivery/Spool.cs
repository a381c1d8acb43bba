using System.Globalization;

namespace PeriluneSdk.Delivery;

/// <summary>
/// Requests on disk, one file each, oldest first. Processes may share the folder: whoever opens a file sends it. A file is
/// complete once it has its name.
/// </summary>
internal sealed class Spool
{
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private int _serial;

    public Spool(string folder, long maxBytes, TimeProvider time)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _maxBytes = maxBytes;
        _time = time;
    }

    public bool IsEmpty => Oldest() is null;

    /// <summary>False when there is no room, or the disk does not take it.</summary>
    public bool TryAdd(BatchKind kind, int items, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (Files().Sum(static file => file.Length) + body.Length > _maxBytes)
            {
                return false;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow().Ticks:x16}-{Environment.ProcessId:x}-{_serial++:x}-{items}");
            var unfinished = Path.Combine(_folder, name + ".tmp");
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(body.Span);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, Path.Combine(_folder, name + (kind == BatchKind.Spans ? ".spans" : ".events")));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The oldest request that no other process is sending; null when there is none.</summary>
    public SpooledRequest? TryOpen()
    {
        foreach (var file in Files().OrderBy(static file => file.Name, StringComparer.Ordinal))
        {
            try
            {
                var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Delete, bufferSize: 1, FileOptions.None);
                var body = new byte[stream.Length];
                stream.ReadExactly(body);
                return new SpooledRequest(stream, file.FullName, body);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another process has it, or has sent it already.
            }
        }

        return null;
    }

    private FileInfo? Oldest() => Files().FirstOrDefault();

    private IEnumerable<FileInfo> Files()
    {
        try
        {
            return [.. new DirectoryInfo(_folder).EnumerateFiles().Where(static file => file.Extension is ".spans" or ".events")];
        }
        catch (IOException)
        {
            return [];
        }
    }
}

/// <summary>A request that this process holds, until it is disposed of.</summary>
internal sealed class SpooledRequest(FileStream held, string path, byte[] body) : IDisposable
{
    public BatchKind Kind => path.EndsWith(".spans", StringComparison.Ordinal) ? BatchKind.Spans : BatchKind.Events;

    public ReadOnlyMemory<byte> Body => body;

    public int Items => int.TryParse(Path.GetFileNameWithoutExtension(path).Split('-')[^1], CultureInfo.InvariantCulture, out var items) ? items : 1;

    public void Delete() => File.Delete(path);

    public void Dispose() => held.Dispose();
}
