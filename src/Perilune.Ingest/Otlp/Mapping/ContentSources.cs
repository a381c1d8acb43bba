namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>What went in and what came out. Numbered attributes (one per message) are families.</summary>
internal static class ContentSources
{
    public static readonly FieldSources[] All =
    [
        new(Field.System, ["gen_ai.system_instructions"]),
        new(Field.InputMessages, ["gen_ai.input.messages"]),
        new(Field.OutputMessages, ["gen_ai.output.messages"]),
        new(Field.Input,
        [
            "langfuse.observation.input",
            "ai.prompt.messages",
            "ai.prompt",
            "ai.values",
            "ai.value",
            "gen_ai.prompt",                    // LangSmith: the whole request
            "traceloop.entity.input",
            "user_prompt",                      // Claude Code
            "input.value",
            "pydantic_ai.all_messages",
            "all_messages_events",
            "events",
            "gcp.vertex.agent.llm_request",
            "mlflow.spanInputs",
            "lk.input_text",
            "genkit:input",
            "langfuse.trace.input",
        ]),
        new(Field.InputType, ["input.mime_type"]),
        new(Field.Output,
        [
            "langfuse.observation.output",
            "gen_ai.completion",
            "traceloop.entity.output",
            "output.value",
            "final_result",
            "gcp.vertex.agent.llm_response",
            "mlflow.spanOutputs",
            "lk.response.text",
            "genkit:output",
            "ai.embeddings",
            "ai.embedding",
            "langfuse.trace.output",
        ]),
        new(Field.OutputType, ["output.mime_type"]),
        new(Field.ToolArguments, ["gen_ai.tool.call.arguments", "ai.toolCall.args", "tool_arguments", "gcp.vertex.agent.tool_call_args"]),
        new(Field.ToolResult, ["gen_ai.tool.call.result", "ai.toolCall.result", "tool_response", "gcp.vertex.agent.tool_response"]),
        new(Field.ToolDefinitions, ["gen_ai.tool.definitions", "ai.prompt.tools", "gen_ai.request.tools", "llm.request.functions"]),
        new(Field.Parameters, ["llm.invocation_parameters", "langfuse.observation.model.parameters", "model_request_parameters"]),
    ];
}
