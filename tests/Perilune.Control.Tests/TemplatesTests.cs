using CsCheck;

namespace Perilune.Control.Tests;

public sealed class TemplatesTests
{
    private const string Hello = "\"Hello {{name}}\"";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_a_draft_until_it_is_published_and_then_stays_as_it_is()
    {
        await using var control = ControlPlane.Create();
        var project = await ProjectAsync(control);
        var draft = (await CreateAsync(control, project, "greeting", publish: false)).Value!.Versions.Single();

        Assert.Null(await control.Templates.LiveAsync(project, "greeting", null, Cancel));
        Assert.True((await control.TemplateEditor.EditAsync(project, draft.Id, new TemplateText("\"Hi {{name}}\""), publish: false, Cancel)).Succeeded);
        var published = (await control.TemplateEditor.EditAsync(project, draft.Id, new TemplateText(Extra: """{"model":"gpt-5"}"""), publish: true, Cancel)).Value!;
        Assert.Equal(["production"], published.Labels);
        Assert.Equal("\"Hi {{name}}\"", (await control.Templates.LiveAsync(project, "greeting", null, Cancel))!.Content);

        Assert.Contains("published", (await control.TemplateEditor.EditAsync(project, draft.Id, new TemplateText(Hello), publish: false, Cancel)).Error, StringComparison.Ordinal);
        Assert.Equal("better", (await control.TemplateEditor.EditAsync(project, draft.Id, new TemplateText(Notes: "better"), publish: false, Cancel)).Value!.Notes);
    }

    [Fact]
    public async Task Labels_say_which_version_applications_get()
    {
        await using var control = ControlPlane.Create();
        var project = await ProjectAsync(control);
        var template = (await CreateAsync(control, project, "greeting")).Value!.Id;
        for (var i = 2; i <= 3; i++)
        {
            await control.TemplateEditor.AddVersionAsync(project, template, new TemplateText($"\"Hello {i}\""), publish: true, Cancel);
        }

        await control.TemplateEditor.AddVersionAsync(project, template, new TemplateText("\"Not yet\""), publish: false, Cancel);
        Assert.Equal((3, 3), (await LiveAsync(null), await LiveAsync("latest")));

        await control.TemplateEditor.LabelAsync(project, template, "production", 1, Cancel);
        await control.TemplateEditor.LabelAsync(project, template, "staging", 2, Cancel);
        Assert.Equal((1, 2, 3), (await LiveAsync(null), await LiveAsync("staging"), await LiveAsync("latest")));
        Assert.Null(await LiveAsync("absent"));

        await control.TemplateEditor.UnlabelAsync(project, template, "production", Cancel);
        Assert.Equal(3, await LiveAsync(null));
        Assert.Contains("draft", (await control.TemplateEditor.LabelAsync(project, template, "staging", 4, Cancel)).Error, StringComparison.Ordinal);
        Assert.Equal(TemplateLabels.Rule, (await control.TemplateEditor.LabelAsync(project, template, "Über", 1, Cancel)).Error);
        Assert.NotNull((await control.TemplateEditor.LabelAsync(project, template, "latest", 1, Cancel)).Error);

        async Task<int?> LiveAsync(string? label) => (await control.Templates.LiveAsync(project, "greeting", label, Cancel))?.Number;
    }

    [Fact]
    public async Task A_slug_is_unique_in_its_project_and_free_after_a_deletion()
    {
        await using var control = ControlPlane.Create();
        var project = await ProjectAsync(control);
        var first = (await CreateAsync(control, project, "greeting")).Value!;
        Assert.Contains("already", (await CreateAsync(control, project, " greeting ")).Error, StringComparison.Ordinal);
        var other = (await CreateAsync(control, project, "farewell")).Value!;
        Assert.Contains("already", (await control.TemplateEditor.UpdateAsync(project, other.Id, "greeting", null, Cancel)).Error, StringComparison.Ordinal);

        Assert.NotNull(await control.Templates.LiveAsync(project, "greeting", null, Cancel));
        await control.TemplateEditor.DeleteAsync(project, first.Id, Cancel);
        Assert.Null(await control.Templates.LiveAsync(project, "greeting", null, Cancel));
        var again = (await CreateAsync(control, project, "greeting")).Value!;
        Assert.True(again.Id > other.Id && again.Versions[0].Id > other.Versions[0].Id, "Ids of what was deleted were given again.");
    }

    [Fact]
    public async Task Another_project_has_no_part_in_it()
    {
        await using var control = ControlPlane.Create();
        var project = await ProjectAsync(control);
        var template = (await CreateAsync(control, project, "greeting")).Value!;
        var other = Guid.CreateVersion7();

        Assert.Null(await control.Templates.FindAsync(other, template.Id, Cancel));
        Assert.Null(await control.Templates.FindVersionAsync(other, template.Versions[0].Id, Cancel));
        Assert.Null(await control.Templates.LiveAsync(other, "greeting", null, Cancel));
        Assert.NotNull((await control.TemplateEditor.DeleteAsync(other, template.Id, Cancel)).Error);
        Assert.NotNull((await control.TemplateEditor.EditAsync(other, template.Versions[0].Id, new TemplateText(Notes: "x"), false, Cancel)).Error);
        Assert.NotNull((await control.TemplateEditor.LabelAsync(other, template.Id, "staging", 1, Cancel)).Error);
    }

    [Theory]
    [InlineData(TemplateMode.Text, """[{"role":"user","content":"x"}]""")]
    [InlineData(TemplateMode.Text, "not json")]
    [InlineData(TemplateMode.Chat, "\"text\"")]
    [InlineData(TemplateMode.Chat, """[{"content":"no role"}]""")]
    [InlineData(TemplateMode.Chat, """[{"role":"user"}]""")]
    public async Task Content_of_another_form_is_refused(TemplateMode mode, string content)
    {
        await using var control = ControlPlane.Create();
        var project = await ProjectAsync(control);
        Assert.StartsWith("content: ", (await control.TemplateEditor.CreateAsync(project, "x", mode, new TemplateText(content), true, Cancel)).Error, StringComparison.Ordinal);
    }

    /// <summary>What is kept in memory never outlives a change, whatever the changes are.</summary>
    [Fact]
    public Task What_applications_get_is_what_the_database_says() => Gen.Int[0, 5].List[1, 12].SampleAsync(
        async steps =>
        {
            await using var control = ControlPlane.Create();
            var project = await ProjectAsync(control);
            var id = (await CreateAsync(control, project, "greeting")).Value!.Id;
            foreach (var step in steps)
            {
                var template = (await control.Templates.FindAsync(project, id, Cancel))!;
                await (step switch
                {
                    0 => control.TemplateEditor.AddVersionAsync(project, id, new TemplateText($"\"{template.Versions.Count}\""), true, Cancel),
                    1 => control.TemplateEditor.AddVersionAsync(project, id, new TemplateText(), false, Cancel),
                    2 => control.TemplateEditor.LabelAsync(project, id, "staging", 1, Cancel),
                    3 => control.TemplateEditor.LabelAsync(project, id, "production", 1, Cancel),
                    4 => control.TemplateEditor.UnlabelAsync(project, id, "production", Cancel),
                    _ => (Task)control.TemplateEditor.EditAsync(project, template.Versions[0].Id, new TemplateText(Notes: "n"), true, Cancel),
                });
                template = (await control.Templates.FindAsync(project, id, Cancel))!;
                Assert.Equal(template.Live?.Id, (await control.Templates.LiveAsync(project, "greeting", null, Cancel))?.Id);
                Assert.Equal(template.Latest?.Id, (await control.Templates.LiveAsync(project, "greeting", "latest", Cancel))?.Id);
                Assert.Equal(template.Versions.FirstOrDefault(v => v.Labels.Contains("staging"))?.Id, (await control.Templates.LiveAsync(project, "greeting", "staging", Cancel))?.Id);
            }
        },
        iter: 15,
        threads: 2);

    private static async Task<Guid> ProjectAsync(ControlPlane control) => (await control.SetUpAsync()).Created!.Project.Id;

    private static Task<Outcome<Template>> CreateAsync(ControlPlane control, Guid project, string slug, bool publish = true) =>
        control.TemplateEditor.CreateAsync(project, slug, TemplateMode.Text, new TemplateText(Hello), publish, Cancel);
}
