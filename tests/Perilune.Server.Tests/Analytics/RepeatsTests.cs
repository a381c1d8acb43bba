using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Tests.Runs;
using Perilune.Storage;

namespace Perilune.Server.Tests.Analytics;

/// <summary>One call that a library, a client and a server each report is one call wherever it is counted or listed as such.</summary>
public sealed partial class RepeatsTests(RunningProgram program)
{
    private const string Tool = "look-up-once";
    private const string Model = "said-once";
    private const string Day = "from=2025-01-02&to=2025-01-02";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_one_row_and_leads_to_one_run()
    {
        await program.Services.GetRequiredService<IRunStore>().CommitAsync(RunningProgram.PublicKey, [.. Reports()], Cancel);
        var cookie = await program.SignInNewAccountAsync(Role.Owner, Cancel);

        var page = await PageAsync($"/projects/{RunningProgram.PublicKey}/analytics?{Day}");

        var tool = Row().Matches(page).Single(row => row.Groups["name"].Value == Tool);
        Assert.Equal("1", tool.Groups["runs"].Value);
        Assert.Equal(["repeat-tool"], await RunsAsync(tool.Groups["href"].Value));
        var model = Row().Matches(page).Single(row => row.Groups["name"].Value == Model);
        Assert.Equal("1", model.Groups["runs"].Value);
        Assert.Equal(["repeat-llm"], await RunsAsync(model.Groups["href"].Value));

        var all = await PageAsync($"/projects/{RunningProgram.PublicKey}/runs?scope=all&q=name:{Tool}");
        Assert.Equal(2, Repeat().Count(all));

        async Task<IEnumerable<string>> RunsAsync(string href) =>
            RunId().Matches(await PageAsync("/" + WebUtility.HtmlDecode(href))).Select(row => row.Groups["id"].Value)
                .Select(id => Reports().Single(e => e.Kind is RunEventKind.Start && e.Id.ToString() == id).ClientId!);

        async Task<string> PageAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
            using var response = await program.Http.SendAsync(request, Cancel);
            return await response.Content.ReadAsStringAsync(Cancel);
        }
    }

    private static IEnumerable<RunEvent> Reports()
    {
        (string Id, string Type, string Name, string? Parent)[] runs =
        [
            ("repeat-agent", RunTypes.Agent, "agent", null),
            ("repeat-tool", RunTypes.Tool, Tool, "repeat-agent"),
            ("repeat-client", RunTypes.Tool, Tool, "repeat-tool"),
            ("repeat-server", RunTypes.Tool, Tool, "repeat-client"),
            ("repeat-llm", RunTypes.Llm, Model, "repeat-agent"),
            ("repeat-sdk", RunTypes.Llm, Model, "repeat-llm"),
        ];
        return runs.SelectMany((run, i) => new[]
        {
            Events.Start(run.Id, i, run.Type) with { Name = run.Name, ParentId = run.Parent is { } parent ? Perilune.Model.RunId.FromClient(parent) : null },
            Events.End(run.Id, 60 - i) with { Usage = run.Type == RunTypes.Llm ? new Usage(10, 1) : null },
        });
    }

    [GeneratedRegex("""<td class="ellipsis"><a class="link" href="(?<href>[^"]*)">(?<name>[^<]*)</a>.*?</td>\s*<td class="num[^"]*">(?<runs>[^<]*)</td>""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("""<tr id="r-(?<id>[^"]*)"[ >]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RunId();

    [GeneratedRegex(">repeat</span>", RegexOptions.None, 1000)]
    private static partial Regex Repeat();
}
