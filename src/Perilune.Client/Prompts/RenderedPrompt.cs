using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using PeriluneSdk.Chat;
using PeriluneSdk.Scopes;

namespace PeriluneSdk.Prompts;

/// <summary>A template with its values, ready for a chat client.</summary>
public sealed partial class RenderedPrompt
{
    private readonly TemplateLink? _link;

    private RenderedPrompt(IReadOnlyList<ChatMessage> messages, ChatOptions options, TemplateLink? link) =>
        (Messages, Options, _link) = (messages, options, link);

    /// <summary>The messages.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>Model, temperature and other settings of the template. A client with <c>UsePerilune()</c> links calls with these options to the template's version.</summary>
    public ChatOptions Options { get; }

    /// <summary>The text of the only or last message.</summary>
    public string Text => Messages.Count == 0 ? "" : Messages[^1].Text;

    /// <summary>Links all runs until the scope is disposed to the template's version, for clients without <c>UsePerilune()</c>.</summary>
    /// <returns>The scope; dispose it to end it.</returns>
    public IDisposable Scope() => ScopeHandle.Open(outer => outer with { Template = _link ?? outer.Template });

    internal static RenderedPrompt Of(Prompt prompt, IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var link = prompt.VersionId is { } version ? new TemplateLink(prompt.Slug, version, prompt.Version) : null;
        var options = PromptSettings.ToOptions(prompt.Settings);
        if (link is not null)
        {
            TemplateOption.Set(options, link);
        }

        var messages = prompt.Messages.Select(message => new ChatMessage(new ChatRole(message.Role), Fill(message.Content, values)));
        return new RenderedPrompt([.. messages], options, link);
    }

    private static string Fill(string text, IReadOnlyDictionary<string, object?> values) => Names().Replace(text, match =>
        values.TryGetValue(match.Groups["name"].Value, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : match.Value);

    [GeneratedRegex(@"\{\{\s*(?<name>[\w.-]+)\s*\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}
