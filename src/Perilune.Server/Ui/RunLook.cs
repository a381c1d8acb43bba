using Perilune.Model;

namespace Perilune.Server.Ui;

/// <summary>How a run type and a status are drawn and named.</summary>
internal static class RunLook
{
    public static string Icon(string type) => type switch
    {
        RunTypes.Llm or RunTypes.Agent or RunTypes.Chain or RunTypes.Tool or RunTypes.Retriever or RunTypes.Embedding
            or RunTypes.Thread or RunTypes.Chat or RunTypes.Log => type,
        RunTypes.CustomEvent => "event",
        _ => "run",
    };

    public static string Label(string type) => type switch
    {
        RunTypes.Llm => "LLM call",
        RunTypes.CustomEvent => "Event",
        "" => "Incomplete run",
        _ => char.ToUpperInvariant(type[0]) + type[1..],
    };

    public static string Label(RunStatus status) => status switch
    {
        RunStatus.Running => "Running",
        RunStatus.Success => "Success",
        RunStatus.Error => "Error",
        RunStatus.Filtered => "Filtered",
        _ => "No status",
    };

    /// <summary>The class and icon of a status.</summary>
    public static string Name(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Success => "success",
        RunStatus.Error => "error",
        RunStatus.Filtered => "filtered",
        _ => "none",
    };
}
