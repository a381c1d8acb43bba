namespace Perilune.Server.Features.Runs;

/// <summary>Columns of the list that a reader may leave out. The name is also the end of the column's class.</summary>
internal static class RunColumns
{
    public static readonly IReadOnlyList<(string Name, string Label)> All =
    [
        ("input", "Input"), ("output", "Output"), ("duration", "Duration or turns"), ("tokens", "Tokens"), ("cost", "Cost"),
        ("user", "User"), ("tags", "Tags"), ("feedback", "Feedback"),
    ];

    public static bool CanHide(string name) => All.Any(c => c.Name == name);
}
