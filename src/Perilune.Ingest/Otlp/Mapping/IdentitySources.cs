namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>What a span is: its type, its name, and the model it called.</summary>
internal static class IdentitySources
{
    public static readonly FieldSources[] All =
    [
        new(Field.Kind,
        [
            "langfuse.observation.type",
            "openinference.span.kind",
            "gen_ai.operation.name",
            "traceloop.span.kind",
            "langsmith.span.kind",
            "ai.operationId",           // Vercel AI SDK up to 6
            "span.type",                // Claude Code
            "mcp.method.name",
        ]),
        new(Field.AgentName, ["gen_ai.agent.name", "ai.telemetry.functionId", "agent.name", "traceloop.entity.name", "graph.node.name"]),
        new(Field.ToolName, ["gen_ai.tool.name", "tool.name", "ai.toolCall.name", "tool_name", "traceloop.entity.name"]),
        new(Field.WorkflowName, ["ai.telemetry.functionId", "gen_ai.workflow.name", "traceloop.entity.name", "traceloop.workflow.name"]),
        new(Field.RequestedModel, ["gen_ai.request.model", "llm.request.model_name", "ai.model.id", "llm.model_name", "embedding.model_name", "langfuse.observation.model.name", "reranker.model_name", "model"]),
        new(Field.ServedModel, ["gen_ai.response.model", "llm.response.model_name", "ai.response.model", "langfuse.observation.model.name", "llm.model_name"]),
        new(Field.Provider, ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"]),
        new(Field.ResponseId, ["gen_ai.response.id", "llm.response.id", "ai.response.id", "response_id", "request_id"]),
        new(Field.ToolCallId, ["gen_ai.tool.call.id", "ai.toolCall.id", "tool_call.id", "tool_use_id", "call_id"]),
        new(Field.FinishReasons,
        [
            "gen_ai.response.finish_reasons",
            "gen_ai.response.finish_reason",    // Semantic Kernel
            "ai.response.finishReason",
            "llm.finish_reason",
            "anthropic.message.stop_reason",
            "llm.response.finish_reason",
            "stop_reason",
        ]),
    ];
}
