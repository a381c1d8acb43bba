using Perilune.Model;

namespace Perilune.Storage;

public static class RunScopes
{
    public static bool Includes(this RunScope scope, Run run) => scope switch
    {
        RunScope.All => true,
        RunScope.Llm => run.Type == RunTypes.Llm && !run.IsRepeat,
        RunScope.Threads => run.Type == RunTypes.Thread,
        RunScope.Traces => run.TraceId == run.Id && IsTraceRoot(run.Type),
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>Whether a run of this type at the top of a tree makes a trace worth listing.</summary>
    public static bool IsTraceRoot(string type) =>
        type is not (RunTypes.Thread or RunTypes.Chat or RunTypes.Log or RunTypes.CustomEvent or RunTypes.Plumbing);
}
