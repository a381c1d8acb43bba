using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Perilune.Server.Tests.Faults;

/// <summary>Requests exactly as given, which HttpClient would tidy up or refuse to send.</summary>
internal static class RawHttp
{
    /// <summary>Sends one HTTP/1.0 request and reads until the server closes.</summary>
    public static async Task<Reply> SendAsync(Uri server, string method, string target, IEnumerable<string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var client = await ConnectAsync(server, cancellationToken);
        var stream = client.GetStream();
        var length = method is "GET" or "HEAD" ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}") };
        await WriteHeadAsync(stream, $"{method} {target} HTTP/1.0", ["Host: localhost", .. headers, .. length], cancellationToken);
        var sending = SendBodyAsync(stream, body, cancellationToken);
        var reply = await ReadReplyAsync(stream, cancellationToken);
        await sending;
        return reply;
    }

    public static async Task<TcpClient> ConnectAsync(Uri server, CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        return client;
    }

    public static Task WriteHeadAsync(NetworkStream stream, string requestLine, IEnumerable<string> headers, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", [requestLine, .. headers, "", ""])), cancellationToken).AsTask();

    private static async Task SendBodyAsync(NetworkStream stream, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(body, cancellationToken);
        }
        catch (IOException)
        {
            // A server that has answered already need not read on.
        }
    }

    private static async Task<Reply> ReadReplyAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        try
        {
            await stream.CopyToAsync(received, cancellationToken);
        }
        catch (IOException) when (received.Length > 0)
        {
            // It answered, and reset the connection on which we were still sending.
        }

        var text = Encoding.UTF8.GetString(received.ToArray());
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw new InvalidOperationException($"The server did not answer with HTTP, but with \"{text}\".");
        }

        var head = text[..end].Split("\r\n");
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new Reply(int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, text[(end + 4)..]);
    }
}

internal sealed record Reply(int Status, ILookup<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers[name].FirstOrDefault();
}
