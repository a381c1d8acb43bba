using System.Text.Json;
using Perilune.Control;

namespace Perilune.Server.Demo;

/// <summary>Writes the prompts that the demo's calls were made with, each version at its time.</summary>
internal sealed class DemoPrompts(Templates templates, TemplateEditor editor, Guid project, DemoClock clock)
{
    private static readonly string[] s_support =
    [
        "You answer travellers of {{company}}. Be friendly.",
        "You answer travellers of {{company}}.\nBe friendly and brief.\nLook a booking up before you say anything about it.",
        "You answer travellers of {{company}}.\nBe friendly and brief: three sentences at most.\nLook a booking up before you say anything about it.\nNever promise a refund before the policy was checked.",
    ];

    private static readonly string[] s_policy =
    [
        "Answer from these passages:\n{{passages}}",
        "Answer from these passages, and only from them. Name the passage you used. Say so when none of them helps.\n{{passages}}",
    ];

    /// <summary>The version ids by slug, oldest first; a version is in use from its share of the month on.</summary>
    public async Task<DemoVersions> WriteAsync(DateTimeOffset now, int days, CancellationToken cancellationToken)
    {
        var support = await WriteAsync("support-answer", s_support, "gpt-5-mini", now, days, cancellationToken);
        var policy = await WriteAsync("policy-answer", s_policy, "gpt-4.1-mini", now, days, cancellationToken);
        var found = (await templates.ListAsync(project, cancellationToken)).Single(t => t.Slug == "support-answer");
        clock.Tell(now.AddHours(-5));
        await editor.AddVersionAsync(project, found.Id, Text(s_support[^1] + "\nAnswer in the traveller's language.", "gpt-5", "Try answering in any language"), publish: false, cancellationToken);
        await editor.LabelAsync(project, found.Id, "staging", 3, cancellationToken);
        await editor.CreateAsync(
            project, "trip-plan", TemplateMode.Text, new TemplateText("\"Plan {{days}} days in {{city}} for {{travellers}}. Keep to {{budget}}.\"", "{\"model\":\"claude-sonnet-4-5\"}"), publish: true, cancellationToken);
        clock.Tell(null);
        return new DemoVersions(support, policy);
    }

    private async Task<IReadOnlyList<string>> WriteAsync(string slug, string[] texts, string model, DateTimeOffset now, int days, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        long? template = null;
        foreach (var (i, text) in texts.Index())
        {
            clock.Tell(now.AddDays(-days + (days * i / texts.Length)));
            var content = Text(text, model, i == 0 ? "First wording" : "Answers were too long and too sure");
            if (template is null)
            {
                var made = await editor.CreateAsync(project, slug, TemplateMode.Chat, content, publish: true, cancellationToken);
                template = made.Value!.Id;
                ids.Add(made.Value.Versions[0].Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                var added = await editor.AddVersionAsync(project, template.Value, content, publish: true, cancellationToken);
                ids.Add(added.Value!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return ids;
    }

    private static TemplateText Text(string system, string model, string notes) => new(
        $"[{{\"role\":\"system\",\"content\":{JsonSerializer.Serialize(system)}}},{{\"role\":\"user\",\"content\":\"{{{{question}}}}\"}}]",
        $"{{\"model\":\"{model}\",\"temperature\":0.3,\"max_tokens\":400}}",
        Notes: notes);
}

/// <param name="Support">Ids of the versions of the prompt, oldest first.</param>
internal sealed record DemoVersions(IReadOnlyList<string> Support, IReadOnlyList<string> Policy)
{
    /// <summary>The version in use at a part of the month, from 0 to 1.</summary>
    public static string At(IReadOnlyList<string> versions, double part) => versions[Math.Clamp((int)(part * versions.Count), 0, versions.Count - 1)];
}
