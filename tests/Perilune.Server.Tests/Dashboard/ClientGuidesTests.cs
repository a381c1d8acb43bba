using Perilune.Server.Features.Setup;
using Perilune.Server.Tests.Architecture;

namespace Perilune.Server.Tests.Dashboard;

/// <summary>The pages of docs/wire/clients are what the page Set up shows.</summary>
public sealed class ClientGuidesTests
{
    private const string Url = "https://runs.example.com";
    private static readonly Guid s_key = new("0196f000-0000-4000-8000-00000000cccc");

    public static TheoryData<string> Names => [.. ClientGuides.Groups.SelectMany(group => group.Clients).Select(client => client.Name)];

    [Fact]
    public void Every_page_is_shown() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "wire", "clients"), "*.md").Select(Path.GetFileNameWithoutExtension).Where(name => name != "README").Order(StringComparer.Ordinal),
        ClientGuides.Groups.SelectMany(group => group.Clients).Select(client => client.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void The_index_names_every_page()
    {
        var index = File.ReadAllText(Path.Combine(Repository.Root, "docs", "wire", "clients", "README.md"));
        Assert.All(ClientGuides.Groups.SelectMany(group => group.Clients), client => Assert.Contains($"({client.Name}.md)", index, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Each_is_steps_with_the_address_and_the_key_in_them(string name)
    {
        var guide = ClientGuides.Of(name, Url, s_key);

        Assert.All(guide.Steps, step => Assert.True(step.Title.Length > 0 && step.Code.Length > 0));
        var code = string.Join('\n', guide.Steps.Select(step => step.Code));
        Assert.Contains(Url, code, StringComparison.Ordinal);
        Assert.Contains(s_key.ToString(), code, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost:3333", code, StringComparison.Ordinal);
        Assert.DoesNotContain("<public key>", code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_and_the_code_below_it_are_a_step_and_the_rest_up_to_a_section_are_notes()
    {
        var guide = ClientGuide.Parse("# Title\n\nBy the way.\n\nDo this:\n\n```sh\nexport A=1\n\nrun\n```\n\n- One `note`.\n- Another.\n\n## More\n\nNot here:\n\n```sh\nno\n```\n");

        Assert.Equal([new GuideStep("Do this", "export A=1\n\nrun")], guide.Steps);
        Assert.Equal(["By the way.", "One `note`.", "Another."], guide.Notes);
    }

    [Theory]
    [InlineData("Set `A=<b>`", "Set <code>A=&lt;b&gt;</code>")]
    [InlineData("Under *Analyse Chatflow*", "Under <em>Analyse Chatflow</em>")]
    [InlineData("See [Go](otel-go.md) and [more](../lunary.md)", "See <a class=\"link\" href=\"here/otel-go.md\">Go</a> and more")]
    [InlineData("`a*b*c` and 2 * 3 * 4", "<code>a*b*c</code> and 2 * 3 * 4")]
    public void Lines_are_written_as_what_they_mark(string line, string html) =>
        Assert.Equal(html, GuideText.Html(line, page => page.StartsWith("..", StringComparison.Ordinal) ? null : $"here/{page}").Value);
}
