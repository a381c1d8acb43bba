namespace Perilune.Model.Traces;

/// <summary>What a run says of itself that holds for the runs below it, too.</summary>
/// <param name="User">Null when it does not say.</param>
/// <param name="Environment">Null when it does not say.</param>
/// <param name="Tags">Its own do not hide those of the runs above: a run goes by both.</param>
public readonly record struct RunLabels(string? User, string? Environment, TagList Tags)
{
    public static readonly RunLabels None = new(null, null, TagList.None);

    /// <summary>What a run goes by that says this, below one that goes by <paramref name="above"/>.</summary>
    public RunLabels Below(RunLabels above) => new(User ?? above.User, Environment ?? above.Environment, Tags.And(above.Tags));
}
