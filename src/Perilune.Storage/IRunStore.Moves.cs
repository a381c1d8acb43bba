using Perilune.Model;

namespace Perilune.Storage;

public partial interface IRunStore
{
    /// <summary>
    /// How far it is with runs that something late concerns, such as the run above a trace or its user, when these are so
    /// many that they take their places after the acknowledgement, a part at a time. Null when there are none.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="trace">Only where this trace or thread may be concerned; null for any.</param>
    RunMoves? MovesOf(Guid project, RunId? trace);
}

/// <param name="Done">Runs that have taken their places.</param>
/// <param name="All">Runs that do; null until that is known, and while it is seen whether all did.</param>
public sealed record RunMoves(long Done, long? All);
