namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>For whom, in what conversation, where, and how it ended.</summary>
internal static class CircumstanceSources
{
    public static readonly FieldSources[] All =
    [
        new(Field.User,
        [
            "user.id",
            "langfuse.user.id",
            "enduser.id",
            "traceloop.association.properties.user_id",
            "traceloop.association.properties.userId",
            "ai.telemetry.metadata.userId",
            "ai.telemetry.metadata.user_id",
            "ai.settings.context.userId",       // Vercel AI SDK 7, with runtimeContext
            "ai.settings.context.user_id",
            "langsmith.metadata.user_id",
            "gen_ai.user",
            "llm.user",
            "user",                             // what Microsoft.Extensions.AI passes through
            "metadata.user_id",
        ]),

        // Never thread.id: that is a thread of the operating system.
        new(Field.Thread,
        [
            "gen_ai.conversation.id",
            "session.id",
            "langfuse.session.id",
            "traceloop.association.properties.session_id",
            "traceloop.association.properties.chat_id",
            "traceloop.association.properties.thread_id",
            "ai.telemetry.metadata.sessionId",
            "ai.telemetry.metadata.threadId",
            "ai.settings.context.sessionId",
            "ai.settings.context.threadId",
            "langsmith.trace.session_id",
            "langsmith.metadata.session_id",
            "langsmith.metadata.thread_id",
            "langsmith.metadata.conversation_id",
            "conversation.id",                  // Codex
            "group_id",
        ]),
        // The message of a thread that the C# client says is being answered.
        new(Field.ParentRun, ["perilune.parent_run.id"]),
        new(Field.Tags,
        [
            "langfuse.trace.tags",
            "tag.tags",
            "ai.telemetry.metadata.tags",
            "ai.settings.context.tags",
            "langsmith.span.tags",
            "traceloop.association.properties.tags",
        ]),
        new(Field.Metadata, ["metadata", "langfuse.trace.metadata", "langfuse.observation.metadata"]),
        new(Field.Environment, ["langfuse.environment", "deployment.environment.name", "deployment.environment", "env"]),
        new(Field.Release, ["langfuse.release", "service.version"]),
        // What the C# client sends of a template that it fetched: the version's own id.
        new(Field.TemplateVersionId, ["perilune.template_version.id"]),
        new(Field.TemplateName, ["langfuse.observation.prompt.name", "gen_ai.prompt.name", "llm.prompt_template.name", "prompt.id", "traceloop.prompt.key"]),
        new(Field.TemplateVersion, ["langfuse.observation.prompt.version", "gen_ai.prompt.version", "llm.prompt_template.version", "traceloop.prompt.version"]),
        new(Field.ErrorType, ["error.type"]),
        new(Field.ErrorMessage, ["langfuse.observation.status_message", "error.message", "error"]),
        new(Field.Level, ["langfuse.observation.level"]),
        new(Field.Success, ["success"]),
        new(Field.FirstChunkSeconds, ["gen_ai.response.time_to_first_chunk", "gen_ai.client.operation.time_to_first_chunk", "gen_ai.server.time_to_first_token"]),
        new(Field.FirstChunkMillis, ["ai.response.msToFirstChunk", "ttft_ms"]),
        new(Field.FirstChunkTime, ["langfuse.observation.completion_start_time"]),
    ];
}
