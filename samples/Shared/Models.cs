using System.ClientModel;
using Microsoft.Extensions.AI;

namespace Samples;

/// <summary>The model of the samples: a built-in one that needs no network, or with OPENAI_API_KEY a real one.</summary>
internal static class Models
{
    public static IChatClient Create()
    {
        var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
        var model = Environment.GetEnvironmentVariable("OPENAI_MODEL") ?? "gpt-4o-mini";
        var address = Environment.GetEnvironmentVariable("OPENAI_BASE_URL");
        return string.IsNullOrEmpty(key)
            ? new FakeModel()
            : new OpenAI.Chat.ChatClient(model, new ApiKeyCredential(key), new OpenAI.OpenAIClientOptions { Endpoint = address is null ? null : new Uri(address) }).AsIChatClient();
    }
}
