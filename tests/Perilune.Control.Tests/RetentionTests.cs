namespace Perilune.Control.Tests;

public sealed class RetentionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_are_kept_for_good_until_a_number_of_days_is_set()
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;
        Assert.Empty(control.Projects.Forgetful());

        Assert.Equal(30, (await control.Projects.KeepAsync(project, 30, Cancel)).Value!.RetentionDays);
        Assert.Equal([(project, 30)], control.Projects.Forgetful().Select(p => (p.Id, p.RetentionDays!.Value)));
        Assert.Equal(30, (await control.Projects.FindAsync(project, Cancel))!.RetentionDays);

        Assert.Null((await control.Projects.KeepAsync(project, null, Cancel)).Value!.RetentionDays);
        Assert.Empty(control.Projects.Forgetful());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(36_501)]
    public async Task A_number_that_cannot_be_meant_changes_nothing(int days)
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;
        await control.Projects.KeepAsync(project, 7, Cancel);

        Assert.Contains("1 to 36,500 days", (await control.Projects.KeepAsync(project, days, Cancel)).Error, StringComparison.Ordinal);
        Assert.Equal(7, (await control.Projects.FindAsync(project, Cancel))!.RetentionDays);
    }
}
