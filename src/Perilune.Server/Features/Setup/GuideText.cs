using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Perilune.Server.Features.Setup;

/// <summary>A line of the Markdown that the guides are written in: code, emphasis and links.</summary>
internal static partial class GuideText
{
    private const int Timeout = 1000;

    /// <param name="line">As written.</param>
    /// <param name="link">The address here of what the page links to; null when it is not here, and only its name is shown.</param>
    public static MarkupString Html(string line, Func<string, string?> link)
    {
        var text = Links().Replace(WebUtility.HtmlEncode(line), match => link(match.Groups["to"].Value) is { } address
            ? $"<a class=\"link\" href=\"{WebUtility.HtmlEncode(address)}\">{match.Groups["text"].Value}</a>"
            : match.Groups["text"].Value);
        return new MarkupString(Emphasis().Replace(Code().Replace(text, "<code>${text}</code>"), "<em>${text}</em>"));
    }

    /// <summary>The line without its marks.</summary>
    public static string Plain(string line) => Emphasis().Replace(Code().Replace(Links().Replace(line, "${text}"), "${text}"), "${text}");

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\((?<to>[^)]+)\)", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Links();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<!\w)\*(?=\S)(?<text>[^*]+)(?<=\S)\*", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Emphasis();
}
