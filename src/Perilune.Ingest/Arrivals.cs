using Microsoft.AspNetCore.Http;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest;

/// <summary>Who sent a request with events.</summary>
internal static class Arrivals
{
    private const int MaxClient = 64;
    private const int MaxText = 400;

    public static Arrival Of(HttpContext context, Instant time, Guid? key, IReadOnlyList<RefusedEvent> refused) =>
        new(time, key ?? context.KeyId() ?? Guid.Empty, Client(context.Request.Headers.UserAgent.ToString()), refused);

    public static RefusedEvent Refused(string? what, string reason) => new(Cut(what), Cut(reason)!);

    /// <summary>A request that is refused as a whole.</summary>
    public static RefusedEvent RefusedRequest(string reason) => Refused("the whole request", reason);

    /// <summary>The first product that a client names itself, which is where SDKs say what they are: <c>lunary-py/1.4.30</c>.</summary>
    public static string Client(string userAgent)
    {
        var first = userAgent.AsSpan().Trim();
        var end = first.IndexOfAny(" \t(");
        first = end < 0 ? first : first[..end];
        var text = new string([.. first[..Math.Min(first.Length, MaxClient)].ToString().Where(c => c is > ' ' and < (char)127)]);
        return text.Length == 0 ? "unknown client" : text;
    }

    private static string? Cut(string? text) => text is { Length: > MaxText } ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText), "…") : text;
}
