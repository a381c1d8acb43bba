using System.Text.RegularExpressions;
using Perilune.Model;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>What Langfuse's SDKs leave in a message where they took a medium out: its type and id (see <see cref="MediaRuns"/>).</summary>
internal static partial class MediaReference
{
    /// <summary>Characters that a reference has at most.</summary>
    public const int Longest = 300;

    public static bool IsIn(string text) => text.Contains(MediaRuns.Reference, StringComparison.Ordinal) && Pattern().IsMatch(text);

    /// <summary>The medium that a text refers to, when it is nothing else.</summary>
    public static MediaPart? Read(string text) =>
        text.StartsWith(MediaRuns.Reference, StringComparison.Ordinal) && Pattern().Match(text) is { Success: true, Index: 0 } match && match.Length == text.Length ? Of(match) : null;

    /// <summary>The text in pieces without references, and the media between them.</summary>
    public static IReadOnlyList<Part> Split(Clip text)
    {
        var (parts, at) = (new List<Part>(), 0);
        foreach (Match match in Pattern().Matches(text.Text))
        {
            AddText(text.Text[at..match.Index], 0);
            parts.Add(Of(match));
            at = match.Index + match.Length;
        }

        AddText(text.Text[at..], text.BytesLeft);
        return parts;

        void AddText(string piece, long bytesLeft)
        {
            if (!string.IsNullOrWhiteSpace(piece) || bytesLeft > 0)
            {
                parts.Add(new TextPart(new Clip(piece, bytesLeft)));
            }
        }
    }

    /// <summary>The text with a word for each medium.</summary>
    public static string InWords(string text) =>
        text.Contains(MediaRuns.Reference, StringComparison.Ordinal) ? Pattern().Replace(text, match => InWords(Of(match))) : text;

    public static string InWords(MediaPart medium) => medium.Type.Split('/')[0] switch
    {
        "image" => "[image]",
        "audio" => "[audio]",
        "video" => "[video]",
        _ => "[file]",
    };

    /// <summary>The ids that the payloads of a run refer to.</summary>
    public static IEnumerable<string> In(params ReadOnlySpan<RawJson> payloads)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var payload in payloads)
        {
            for (var rest = payload.Span; ;)
            {
                var at = rest.IndexOf("@@@langfuseMedia:"u8);
                if (at < 0)
                {
                    break;
                }

                rest = rest[at..];
                if (Pattern().Match(System.Text.Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, Longest)]).Replace("\\/", "/", StringComparison.Ordinal)) is { Success: true, Index: 0 } match)
                {
                    ids.Add(match.Groups["id"].Value);
                }

                rest = rest[1..];
            }
        }

        return ids;
    }

    private static MediaPart Of(Match match) => new(match.Groups["type"].Value, match.Groups["id"].Value);

    [GeneratedRegex(@"@@@langfuseMedia:type=(?<type>[\w.+\-/]{1,100})\|id=(?<id>[\w\-]{1,64})\|source=\w{1,64}@@@", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
