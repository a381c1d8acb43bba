namespace Perilune.Server.Features.Setup;

/// <summary>What to paste into an application, ready to run.</summary>
internal static class Snippets
{
    public static readonly IReadOnlyList<(string Name, string Label)> Kinds =
    [
        ("js", "JavaScript"), ("python", "Python"), ("langchain", "LangChain JS"), ("otel", "OpenTelemetry"), ("vercel", "Vercel AI SDK"), ("dotnet", ".NET"),
        ("claude-code", "Claude Code"), ("codex", "Codex"), ("curl", "curl"),
    ];

    /// <param name="url">Where this server is reached.</param>
    public static IReadOnlyList<Step> Of(string kind, string url, Guid key) => kind switch
    {
        "python" =>
        [
            new("Install", "pip install lunary openai"),
            new("Point it at this server", Environment(url, key)),
            new("Monitor your client", """
                import lunary
                from openai import OpenAI

                client = OpenAI()
                lunary.monitor(client)

                client.chat.completions.create(
                    model="gpt-4o-mini",
                    messages=[{"role": "user", "content": "Say hello"}],
                    user_id="ada",
                )
                """),
        ],
        "langchain" =>
        [
            new("Install", "npm install lunary @langchain/core @langchain/openai"),
            new("Point it at this server", Environment(url, key)),
            new("Pass the handler", """
                import { LunaryHandler } from "lunary/langchain"
                import { ChatOpenAI } from "@langchain/openai"

                const model = new ChatOpenAI({
                  model: "gpt-4o-mini",
                  callbacks: [new LunaryHandler()],
                })

                await model.invoke("Say hello")
                """),
        ],
        "otel" => OpenTelemetrySnippets.Plain(url, key),
        "vercel" => OpenTelemetrySnippets.Vercel(url, key),
        "dotnet" => OpenTelemetrySnippets.DotNet(url, key),
        "claude-code" => OpenTelemetrySnippets.ClaudeCode(url, key),
        "codex" => OpenTelemetrySnippets.Codex(url, key),
        "curl" =>
        [
            new("Send a call and its answer", $$$"""
                curl {{{url}}}/v1/runs/ingest \
                  -H "Authorization: Bearer {{{key}}}" \
                  -H "Content-Type: application/json" \
                  -d '{"events":[
                    {"type":"llm","event":"start","runId":"hello-1","name":"gpt-4o-mini",
                     "input":[{"role":"user","content":"Say hello"}]},
                    {"type":"llm","event":"end","runId":"hello-1",
                     "output":{"role":"assistant","content":"Hello!"},
                     "tokensUsage":{"prompt":10,"completion":3}}]}'
                """),
        ],
        _ =>
        [
            new("Install", "npm install lunary openai"),
            new("Point it at this server", Environment(url, key)),
            new("Monitor your client", """
                import OpenAI from "openai"
                import { monitorOpenAI } from "lunary/openai"

                const openai = monitorOpenAI(new OpenAI())

                await openai.chat.completions.create({
                  model: "gpt-4o-mini",
                  messages: [{ role: "user", content: "Say hello" }],
                  user: "ada",
                })
                """),
        ],
    };

    private static string Environment(string url, Guid key) => $"export LUNARY_API_URL={url}\nexport LUNARY_PUBLIC_KEY={key}";
}

internal sealed record Step(string Title, string Code);
