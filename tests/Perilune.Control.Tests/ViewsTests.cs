namespace Perilune.Control.Tests;

public sealed class ViewsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_means_one_view_of_its_project()
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;
        var view = (await control.Views.SaveAsync(project, new ViewText("Slow calls", "llm", "duration>10s", "sort=duration"), Cancel)).Value!;
        var again = (await control.Views.SaveAsync(project, new ViewText(" Slow calls ", "llm", "duration>20s"), Cancel)).Value!;

        Assert.Equal((view.Id, "duration>20s", "sort=duration"), (again.Id, again.Query, again.Look));
        var other = (await control.Views.SaveAsync(project, new ViewText("Errors", "all", "status:error"), Cancel)).Value!;
        Assert.Equal(["Errors", "Slow calls"], (await control.Views.ListAsync(project, Cancel)).Select(v => v.Name));
        Assert.Contains("already", (await control.Views.UpdateAsync(project, other.Id, new ViewText("Slow calls"), Cancel)).Error, StringComparison.Ordinal);

        var stranger = Guid.CreateVersion7();
        Assert.NotNull((await control.Views.DeleteAsync(stranger, other.Id, Cancel)).Error);
        Assert.Null(await control.Views.FindAsync(stranger, other.Id, Cancel));
        Assert.Equal("Errors", (await control.Views.DeleteAsync(project, other.Id, Cancel)).Value);
        Assert.Null(await control.Views.FindAsync(project, other.Id, Cancel));
    }
}
