using System.Diagnostics;

namespace PeriluneSdk.Spans;

/// <summary>Names of OpenTelemetry's conventions for generative AI, and of the few attributes that they do not have yet.</summary>
internal static class GenAi
{
    public const string SourceName = "Perilune";

    public const string Operation = "gen_ai.operation.name";
    public const string AgentName = "gen_ai.agent.name";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolArguments = "gen_ai.tool.call.arguments";
    public const string ToolResult = "gen_ai.tool.call.result";
    public const string ToolCallId = "gen_ai.tool.call.id";
    public const string DataSource = "gen_ai.data_source.id";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string ResponseId = "gen_ai.response.id";
    public const string Provider = "gen_ai.provider.name";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string SystemInstructions = "gen_ai.system_instructions";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string FirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string Conversation = "gen_ai.conversation.id";
    public const string PromptName = "gen_ai.prompt.name";
    public const string PromptVersion = "gen_ai.prompt.version";

    public const string Input = "input.value";
    public const string Output = "output.value";
    public const string InputType = "input.mime_type";
    public const string OutputType = "output.mime_type";
    public const string User = "user.id";
    public const string Session = "session.id";
    public const string Tags = "tag.tags";
    public const string MetadataPrefix = "metadata.";
    public const string ErrorType = "error.type";

    /// <summary>The conversation id that a provider gave, where the application's thread takes its place.</summary>
    public const string ProviderConversation = "perilune.provider_conversation.id";
    public const string TemplateVersion = "perilune.template_version.id";
    public const string ParentRun = "perilune.parent_run.id";

    public static readonly ActivitySource Source = new(SourceName, typeof(GenAi).Assembly.GetName().Version?.ToString(3));
}
