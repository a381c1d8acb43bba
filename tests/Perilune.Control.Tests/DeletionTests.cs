namespace Perilune.Control.Tests;

public sealed class DeletionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_goes_with_its_keys_and_views_when_its_name_is_typed()
    {
        await using var control = ControlPlane.Create();
        var made = (await control.SetUpAsync()).Created!;
        var project = made.Project.Id;
        await control.Views.SaveAsync(project, new ViewText("Slow calls", "llm", "duration>10s"), Cancel);

        Assert.Contains($"type the project's name, {made.Project.Name}", (await control.Projects.DeleteAsync(project, made.Project.Name + "x", Cancel)).Error, StringComparison.Ordinal);
        Assert.Equal(KeyState.Valid, control.Keys.Find(made.PrivateKey.ToString()).State);

        Assert.Equal(made.Project.Name, (await control.Projects.DeleteAsync(project, $" {made.Project.Name} ", Cancel)).Value);
        Assert.Equal(KeyState.Unknown, control.Keys.Find(made.PrivateKey.ToString()).State);
        Assert.Equal(KeyState.Unknown, control.Keys.Find(made.PublicKey.ToString()).State);
        Assert.Null(await control.Projects.FindAsync(project, Cancel));
        Assert.Empty(await control.Views.ListAsync(project, Cancel));
    }
}
