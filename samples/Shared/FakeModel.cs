using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Samples;

/// <summary>
/// A model that needs no network: it calls the first tool once when it has any, and then answers with what it was told.
/// It takes about as long per word as a real one, and counts a token for every four characters.
/// </summary>
internal sealed class FakeModel : IChatClient
{
    private static readonly TimeSpan s_perWord = TimeSpan.FromMilliseconds(15);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages.ToList();
        var answer = Answer(asked, options);
        await Task.Delay(s_perWord * 10, cancellationToken);
        return new ChatResponse(answer)
        {
            ModelId = "gpt-4o-mini-2024-07-18",
            ResponseId = "fake-" + Guid.CreateVersion7(),
            FinishReason = answer.Contents.OfType<FunctionCallContent>().Any() ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
            Usage = Usage(asked, answer),
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var asked = messages.ToList();
        var answer = Answer(asked, options);
        var id = "fake-" + Guid.CreateVersion7();
        await Task.Delay(s_perWord * 8, cancellationToken);
        if (answer.Contents.OfType<FunctionCallContent>().Any())
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, answer.Contents) { ResponseId = id, ModelId = "gpt-4o-mini-2024-07-18", FinishReason = ChatFinishReason.ToolCalls };
        }
        else
        {
            foreach (var word in answer.Text.Split(' '))
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, word + " ") { ResponseId = id, ModelId = "gpt-4o-mini-2024-07-18" };
                await Task.Delay(s_perWord, cancellationToken);
            }
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(Usage(asked, answer))]) { ResponseId = id };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", new Uri("http://localhost"), "gpt-4o-mini")
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }

    private static ChatMessage Answer(List<ChatMessage> asked, ChatOptions? options)
    {
        var question = asked.LastOrDefault(static m => m.Role == ChatRole.User)?.Text ?? "";
        var results = asked.SkipWhile(m => m.Text != question).SelectMany(static m => m.Contents).OfType<FunctionResultContent>().ToList();
        if (options?.Tools?.OfType<AIFunction>().FirstOrDefault() is { } tool && results.Count == 0)
        {
            var names = tool.JsonSchema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(static p => p.Name).ToList() : [];
            return new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("call-" + Guid.CreateVersion7(), tool.Name, names.ToDictionary(static name => name, static _ => (object?)"Paris"))]);
        }

        return new ChatMessage(ChatRole.Assistant, results.Count > 0 ? $"I looked it up. {Text(results[^1].Result)}" : $"You said: \"{question}\". I am a built-in model; set OPENAI_API_KEY to talk to a real one.");
    }

    private static string Text(object? result) => result switch
    {
        System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.Object } json when json.TryGetProperty("content", out var content) && content.GetArrayLength() > 0 => content[0].GetProperty("text").GetString() ?? "",
        _ => result?.ToString() ?? "",
    };

    private static UsageDetails Usage(List<ChatMessage> asked, ChatMessage answer)
    {
        var input = 8 + (asked.Sum(static m => m.Text.Length) / 4);
        var output = 4 + (answer.Text.Length / 4);
        return new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = input + output };
    }
}
