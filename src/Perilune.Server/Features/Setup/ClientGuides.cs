using System.Collections.Frozen;
using System.Reflection;

namespace Perilune.Server.Features.Setup;

/// <summary>How each client is connected: the pages of docs/wire/clients, which are part of the program.</summary>
internal static class ClientGuides
{
    private const string Folder = "clients/";
    private const string First = "lunary-js";

    /// <summary>The guides by what their clients speak; the name is that of the page.</summary>
    public static readonly IReadOnlyList<(string Label, IReadOnlyList<(string Name, string Label)> Clients)> Groups =
    [
        ("Lunary", [("lunary-js", "JavaScript"), ("lunary-python", "Python"), ("langchain", "LangChain"), ("flowise", "Flowise"), ("curl", "curl")]),
        ("OpenTelemetry",
        [
            ("opentelemetry", "Any language"), ("otel-javascript", "JavaScript"), ("otel-python", "Python"), ("dotnet", ".NET"), ("otel-java", "Java"), ("otel-go", "Go"),
            ("vercel-ai-sdk", "Vercel AI SDK"), ("openinference", "OpenInference"), ("openllmetry", "OpenLLMetry"), ("langfuse", "Langfuse SDK"), ("litellm", "LiteLLM"),
        ]),
        ("Other SDKs", [("langsmith", "LangSmith"), ("openai-agents", "OpenAI Agents"), ("opik", "Opik")]),
        ("Agents and gateways", [("claude-code", "Claude Code"), ("codex", "Codex"), ("gemini-cli", "Gemini CLI"), ("claude-api", "Claude API"), ("openrouter", "OpenRouter")]),
    ];

    private static readonly FrozenDictionary<string, ClientGuide> s_guides = Groups
        .SelectMany(group => group.Clients)
        .ToFrozenDictionary(client => client.Name, client => ClientGuide.Parse(Read(client.Name)), StringComparer.Ordinal);

    /// <summary>The name as it is known; that of the first guide when it is not.</summary>
    public static string Known(string? name) => name is not null && s_guides.ContainsKey(name) ? name : First;

    /// <param name="name">One of <see cref="Groups"/>.</param>
    /// <param name="url">Where this server is reached.</param>
    /// <param name="key">The project's public key.</param>
    public static ClientGuide Of(string name, string url, Guid key) => s_guides[name].With(url, key);

    private static string Read(string name)
    {
        using var page = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{name}.md")!;
        using var reader = new StreamReader(page);
        return reader.ReadToEnd();
    }
}
