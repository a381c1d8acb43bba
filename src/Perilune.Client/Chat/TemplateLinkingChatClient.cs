using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PeriluneSdk.Scopes;

namespace PeriluneSdk.Chat;

/// <summary>Links calls to the prompt template that their options came from.</summary>
internal sealed class TemplateLinkingChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (link, rest) = TemplateOption.Take(options);
        using var scope = Scope(link);
        return await base.GetResponseAsync(messages, rest, cancellationToken).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The span of a stream begins at its first step; what an iterator sets does not outlive one.
        var (link, rest) = TemplateOption.Take(options);
        var scope = Scope(link);
        var updates = base.GetStreamingResponseAsync(messages, rest, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (updates.ConfigureAwait(false))
        {
            var hasMore = await updates.MoveNextAsync().ConfigureAwait(false);
            scope?.Dispose();
            while (hasMore)
            {
                yield return updates.Current;
                hasMore = await updates.MoveNextAsync().ConfigureAwait(false);
            }
        }
    }

    private static ScopeHandle? Scope(TemplateLink? link) => link is null ? null : ScopeHandle.Open(outer => outer with { Template = link });
}
