using System.Collections.Frozen;
using Perilune.Model;

namespace Perilune.Ingest;

/// <summary>The conventions' words for what a span is, in lower case, and the type of run each of them means.</summary>
internal static class TypeWords
{
    private static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>
    {
        ["chat"] = RunTypes.Llm,
        ["text_completion"] = RunTypes.Llm,
        ["completion"] = RunTypes.Llm,
        ["generate_content"] = RunTypes.Llm,
        ["generate"] = RunTypes.Llm,
        ["generation"] = RunTypes.Llm,
        ["llm"] = RunTypes.Llm,
        ["llm_call"] = RunTypes.Llm,
        ["llm_request"] = RunTypes.Llm,
        ["responses"] = RunTypes.Llm,
        ["ai.generatetext.dogenerate"] = RunTypes.Llm,
        ["ai.streamtext.dostream"] = RunTypes.Llm,
        ["ai.generateobject.dogenerate"] = RunTypes.Llm,
        ["ai.streamobject.dostream"] = RunTypes.Llm,
        ["embeddings"] = RunTypes.Embedding,
        ["embedding"] = RunTypes.Embedding,
        ["ai.embed.doembed"] = RunTypes.Embedding,
        ["ai.embedmany.doembed"] = RunTypes.Embedding,
        ["retrieval"] = RunTypes.Retriever,
        ["retriever"] = RunTypes.Retriever,
        ["search_memory"] = RunTypes.Retriever,
        ["execute_tool"] = RunTypes.Tool,
        ["tools/call"] = RunTypes.Tool,
        ["resources/read"] = RunTypes.Retriever,
        ["prompts/get"] = RunTypes.Chain,
        ["tool"] = RunTypes.Tool,
        ["tool.execution"] = RunTypes.Tool,
        ["ai.toolcall"] = RunTypes.Tool,
        ["invoke_agent"] = RunTypes.Agent,
        ["create_agent"] = RunTypes.Agent,
        ["agent"] = RunTypes.Agent,
        ["interaction"] = RunTypes.Agent,
        ["invoke_workflow"] = RunTypes.Chain,
        ["workflow"] = RunTypes.Chain,
        ["agent_step"] = RunTypes.Chain,
        ["orchestrate_tools"] = RunTypes.Chain,
        ["task"] = RunTypes.Chain,
        ["chain"] = RunTypes.Chain,
        ["prompt"] = RunTypes.Chain,
        ["parser"] = RunTypes.Chain,
        ["reranker"] = RunTypes.Chain,
        ["plan"] = RunTypes.Chain,
        ["span"] = RunTypes.Chain,
        ["ai.generatetext"] = RunTypes.Chain,
        ["ai.streamtext"] = RunTypes.Chain,
        ["ai.generateobject"] = RunTypes.Chain,
        ["ai.streamobject"] = RunTypes.Chain,
        ["ai.embed"] = RunTypes.Chain,
        ["ai.embedmany"] = RunTypes.Chain,
        ["guardrail"] = "guardrail",
        ["evaluator"] = "evaluator",
        ["event"] = RunTypes.Log,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string? Of(string word) => s_types.GetValueOrDefault(word);
}
