using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Perilune.Ingest;

/// <summary>
/// Reads request bodies whole, into an array of exactly their size that the events of the body then keep alive. Bounded
/// per body, after decompression, and over all bodies together.
/// </summary>
internal sealed class RequestBodies(IngestSettings settings)
{
    private const int FirstBuffer = 64 << 10;

    /// <summary>Of Zstandard, as a power of two: 8 MiB, which is what RFC 8878 asks of everyone to take.</summary>
    private const int MaxWindowLog = 23;

    private readonly long _maxInFlight = settings.MaxBytesInFlight;
    private long _inFlight;

    public BodyLease Open() => new(this);

    public Task<RequestBody> ReadAsync(HttpRequest request, BodyLease lease, CancellationToken cancellationToken) =>
        ReadAsync(request, lease, settings.MaxBodyBytes, cancellationToken);

    /// <param name="maxBytes">After decompression.</param>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, BodyLease lease, int maxBytes, CancellationToken cancellationToken)
    {
        var encoding = request.Headers[HeaderNames.ContentEncoding].ToString().Trim().ToLowerInvariant();
        if (request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        if (encoding is "" or "identity")
        {
            return await ReadAsync(request.Body, (int?)request.ContentLength, lease, maxBytes, cancellationToken);
        }

        await using var decompressed = Decompress(request.Body, encoding);
        if (decompressed is null)
        {
            return new RequestBody(
                StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding '{encoding}' is not supported; use gzip, br, deflate, zstd or none.");
        }

        try
        {
            return await ReadAsync(decompressed, null, lease, maxBytes, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ZstdException or EndOfStreamException)
        {
            return new RequestBody(
                StatusCodes.Status400BadRequest, $"The body is not what its Content-Encoding '{encoding}' says, or is damaged: {e.Message}");
        }
    }

    private static Stream? Decompress(Stream body, string encoding) => encoding switch
    {
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(body, CompressionMode.Decompress, leaveOpen: true),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress, leaveOpen: true),
        "zstd" => Zstandard(body),
        _ => null,
    };

    private static DecompressionStream Zstandard(Stream body)
    {
        var stream = new DecompressionStream(body, leaveOpen: true);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return stream;
    }

    // Takes room as bytes come rather than as they are announced, so that slow uploads hold little of it.
    private static async Task<RequestBody> ReadAsync(Stream body, int? announced, BodyLease lease, int maxBytes, CancellationToken cancellationToken)
    {
        var (buffer, length) = (Array.Empty<byte>(), 0);
        try
        {
            while (length != announced)
            {
                if (length == buffer.Length)
                {
                    var size = Math.Min(Math.Max(length * 2, FirstBuffer), announced ?? int.MaxValue);
                    if (!lease.TryTake(size - length))
                    {
                        return Busy();
                    }

                    var larger = size == announced ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    GiveBack(buffer);
                    buffer = larger;
                }

                var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > maxBytes)
                {
                    return TooLarge(maxBytes);
                }
            }

            return new RequestBody(IsOwn(buffer) && length == buffer.Length ? buffer : buffer[..length]);
        }
        finally
        {
            GiveBack(buffer);
        }

        // A body whose size was announced ends up in an array of that size, without another copy.
        bool IsOwn(byte[] array) => array.Length == announced;

        void GiveBack(byte[] array)
        {
            if (!IsOwn(array) && array.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }

    private static RequestBody TooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge,
        $"The body is larger than {maxBytes / 1048576.0:0.##} MiB (after decompression); send the events in several requests.");

    private static RequestBody Busy() => new(
        StatusCodes.Status503ServiceUnavailable, "The server holds as many request bodies as its memory allows; send the events again.");

    /// <summary>The share of the bound that one request holds until it is answered.</summary>
    internal sealed class BodyLease(RequestBodies bodies) : IDisposable
    {
        private long _taken;

        public bool TryTake(long bytes)
        {
            if (Interlocked.Add(ref bodies._inFlight, bytes) > bodies._maxInFlight)
            {
                Interlocked.Add(ref bodies._inFlight, -bytes);
                return false;
            }

            _taken += bytes;
            return true;
        }

        public void Dispose() => Interlocked.Add(ref bodies._inFlight, -Interlocked.Exchange(ref _taken, 0));
    }
}

/// <summary>A body, or the status and message to answer with.</summary>
internal readonly record struct RequestBody(ReadOnlyMemory<byte> Bytes, int Status, string? Problem)
{
    public RequestBody(byte[] bytes)
        : this(bytes, StatusCodes.Status200OK, null)
    {
    }

    public RequestBody(int status, string problem)
        : this(default, status, problem)
    {
    }
}
