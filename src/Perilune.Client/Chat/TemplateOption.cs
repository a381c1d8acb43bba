using Microsoft.Extensions.AI;
using PeriluneSdk.Scopes;

namespace PeriluneSdk.Chat;

/// <summary>The template of a call, on its way through options of Microsoft.Extensions.AI.</summary>
internal static class TemplateOption
{
    private const string Key = "perilune.template";

    public static void Set(ChatOptions options, TemplateLink link) => (options.AdditionalProperties ??= [])[Key] = link;

    /// <summary>The template, and options without it: providers must not see it.</summary>
    public static (TemplateLink? Link, ChatOptions? Options) Take(ChatOptions? options)
    {
        if (options?.AdditionalProperties is not { } properties || !properties.TryGetValue(Key, out var value) || value is not TemplateLink link)
        {
            return (null, options);
        }

        var rest = options.Clone();
        rest.AdditionalProperties!.Remove(Key);
        return (link, rest);
    }
}
