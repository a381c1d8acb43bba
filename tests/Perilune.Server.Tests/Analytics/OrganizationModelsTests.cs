using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Tests.Runs;
using Perilune.Storage;

namespace Perilune.Server.Tests.Analytics;

/// <summary>A member sees what the organization's projects use together, a key what its own does.</summary>
public sealed class OrganizationModelsTests(RunningProgram program)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_are_summed_over_the_projects_that_the_caller_may_read()
    {
        var cookie = await program.SignInNewAccountAsync(Role.Owner, Cancel);
        var account = (await program.AccountOfAsync(cookie, Cancel))!.Id;
        var projects = program.Services.GetRequiredService<Control.Projects>();
        var organization = projects.OfAccount(account).Single().Id;
        var second = (await projects.CreateAsync(account, organization, "Second", Cancel)).Value!.Project.Id;
        var stranger = (await program.CreateOtherProjectAsync(Cancel)).Project.Id;
        await CallAsync(RunningProgram.PublicKey, 1);
        await CallAsync(second, 2);
        await CallAsync(stranger, 4);

        Assert.Equal((30, 3, 33, "Second"), await RowAsync("Cookie", cookie));
        Assert.Equal((10, 1, 11), await RowAsync("Authorization", $"Bearer {RunningProgram.PrivateKey}") is var (input, output, total, _) ? (input, output, total) : default);
    }

    private async Task CallAsync(Guid project, int calls)
    {
        var store = program.Services.GetRequiredService<IRunStore>();
        await store.CommitAsync(project, [.. Enumerable.Range(0, calls).SelectMany(i => new[] { Events.Start($"org-{i}") with { Name = "org-model" }, Events.End($"org-{i}", 1) with { Usage = new Usage(10, 1) } })], Cancel);
    }

    private async Task<(int Input, int Output, int Total, string Project)> RowAsync(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/analytics/org/models/top?projectId={RunningProgram.PublicKey}&models=org-model") { Headers = { { header, value } } };
        using var response = await program.Http.SendAsync(request, Cancel);
        var row = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.EnumerateArray().Single();
        return (row.GetProperty("promptTokens").GetInt32(), row.GetProperty("completionTokens").GetInt32(), row.GetProperty("totalTokens").GetInt32(), row.GetProperty("projectName").GetString()!);
    }
}
