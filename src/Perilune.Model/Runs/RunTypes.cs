namespace Perilune.Model;

/// <summary>The run types that Perilune treats specially. Any other string a client sends is kept as it is.</summary>
public static class RunTypes
{
    public const string Llm = "llm";
    public const string Agent = "agent";
    public const string Chain = "chain";
    public const string Tool = "tool";
    public const string Retriever = "retriever";
    public const string Embedding = "embedding";
    public const string Thread = "thread";
    public const string Chat = "chat";
    public const string CustomEvent = "custom-event";
    public const string Log = "log";

    /// <summary>Work around model calls, such as the request that an application serves.</summary>
    public const string Span = "span";

    /// <summary>What carries calls: HTTP requests, sockets, the inside of a coding agent. It never begins a trace worth listing.</summary>
    public const string Plumbing = "plumbing";

    /// <summary>Types whose tokens and cost count; what other runs report repeats theirs.</summary>
    public static bool IsModelCall(string? type) => type is Llm or Embedding;

    /// <summary>Types that hold a conversation together instead of doing work; a trace never reaches above them.</summary>
    public static bool IsConversation(string? type) => type is Thread or Chat;
}
