using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>A session of Claude Code, which its spans, its log records and its metrics all name alike.</summary>
internal static class ClaudeCodeSession
{
    private const string Scope = "com.anthropic.claude_code";

    public static bool IsScope(string name) => name.StartsWith(Scope, StringComparison.Ordinal);

    public static string? Of(IReadOnlyList<OtlpAttribute> attributes) => new AttributeReader(attributes).Text("session.id");

    /// <summary>The run that holds what the session's metrics say.</summary>
    public static RunId MetricsRun(string session) => OtlpIds.Of("claude-code-metrics", session);
}
