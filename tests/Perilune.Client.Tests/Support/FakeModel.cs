using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace PeriluneSdk.Tests.Support;

/// <summary>A model that answers the same, or calls a tool first.</summary>
internal sealed class FakeModel(string? toolName = null) : IChatClient
{
    public ChatOptions? LastOptions { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        LastOptions = options;
        var isAnswered = messages.Any(static m => m.Role == ChatRole.Tool);
        var message = toolName is not null && !isAnswered
            ? new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call-1", toolName, new Dictionary<string, object?> { ["city"] = "Paris" })])
            : new ChatMessage(ChatRole.Assistant, "It is 18 °C and sunny.");
        return Task.FromResult(new ChatResponse(message)
        {
            ModelId = "fake-1-2026",
            ResponseId = Ids.New(),
            ConversationId = options?.ConversationId,
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 120, OutputTokenCount = 34, TotalTokenCount = 154, CachedInputTokenCount = 64, ReasoningTokenCount = 16 },
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LastOptions = options;
        foreach (var word in new[] { "It ", "is ", "sunny." })
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, word) { ModelId = "fake-1-2026", ResponseId = "stream-1" };
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 120, OutputTokenCount = 34 })]) { ResponseId = "stream-1" };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("fake", new Uri("http://localhost"), "fake-1")
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }
}
