namespace Perilune.Server.Features.Setup;

/// <summary>The same lines as in docs/wire/clients, for what speaks OpenTelemetry.</summary>
internal static class OpenTelemetrySnippets
{
    public static IReadOnlyList<Step> Plain(string url, Guid key) =>
    [
        new("Point any OpenTelemetry SDK at this server", Exporter(url, key)),
        new("Let it capture messages", "export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true\nexport OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT=4096"),
    ];

    public static IReadOnlyList<Step> Vercel(string url, Guid key) =>
    [
        new("Install", "npm install ai @ai-sdk/openai @ai-sdk/otel @opentelemetry/sdk-node"),
        new("Point it at this server", Exporter(url, key)),
        new("Register the SDK and its telemetry, before anything else", """
            import { NodeSDK } from "@opentelemetry/sdk-node"
            import { registerTelemetry } from "ai"
            import { OpenTelemetry } from "@ai-sdk/otel"

            new NodeSDK().start()
            registerTelemetry(new OpenTelemetry({ usage: true }))

            // AI SDK 5 and 6 have it built in, for each call:
            // generateText({ …, experimental_telemetry: { isEnabled: true, metadata: { userId, sessionId } } })
            """),
    ];

    public static IReadOnlyList<Step> DotNet(string url, Guid key) =>
    [
        new("Install", "dotnet add package OpenTelemetry.Extensions.Hosting\ndotnet add package OpenTelemetry.Exporter.OpenTelemetryProtocol"),
        new("Point it at this server", Exporter(url, key) + "\nexport OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY=in_memory"),
        new("Export the model libraries' spans", """
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "Experimental.Microsoft.Extensions.AI", "Experimental.Microsoft.Agents.AI",
                    "Microsoft.SemanticKernel*", "com.anthropic.sdk.csharp", "OpenAI.*")
                .AddOtlpExporter());

            chatClient.AsBuilder().UseFunctionInvocation().UseOpenTelemetry(configure: o => o.EnableSensitiveData = true);
            """),
    ];

    public static IReadOnlyList<Step> ClaudeCode(string url, Guid key) =>
    [
        new("Set this where you start it", $$"""
            export CLAUDE_CODE_ENABLE_TELEMETRY=1 CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1
            export OTEL_TRACES_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp OTEL_LOG_USER_PROMPTS=1
            {{Exporter(url, key)}}
            claude
            """),
    ];

    public static IReadOnlyList<Step> Codex(string url, Guid key) =>
    [
        new("Add this to ~/.codex/config.toml", $$"""
            [otel]
            log_user_prompt = true
            exporter = { otlp-http = { endpoint = "{{url}}/v1/logs", protocol = "json", headers = { authorization = "Bearer {{key}}" } } }
            """),
    ];

    private static string Exporter(string url, Guid key) =>
        $"export OTEL_EXPORTER_OTLP_ENDPOINT={url}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf\nexport OTEL_EXPORTER_OTLP_HEADERS=\"authorization=Bearer {key}\"";
}
