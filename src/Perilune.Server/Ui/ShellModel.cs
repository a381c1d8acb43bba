namespace Perilune.Server.Ui;

/// <summary>What surrounds a page.</summary>
/// <param name="Email">Of the signed-in person.</param>
/// <param name="Project">The project that the page is about; null on pages about the account.</param>
public sealed record ShellModel(string Email, ProjectLink? Project, IReadOnlyList<ProjectLink> Projects, string Theme, string Path);

public sealed record ProjectLink(Guid Id, string Name, string Organization);
