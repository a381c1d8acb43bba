using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perilune.Control;

namespace Perilune.Server.Features.Prompts;

/// <summary>What stands in the editor's fields.</summary>
public sealed record PromptDraft(string Slug, TemplateMode Mode, IReadOnlyList<PromptMessage> Messages, string Model, string Temperature, string MaxTokens, string Other, string Notes)
{
    public static readonly IReadOnlyList<string> Roles = ["system", "user", "assistant", "developer"];

    private const int MaxRows = 200;

    public static PromptDraft Empty(TemplateMode mode) => new(
        "", mode, mode == TemplateMode.Text ? [new("", "")] : [new("system", ""), new("user", "")], "", "", "", "", "");

    internal static PromptDraft Of(Template template, TemplateVersion version, bool withNotes)
    {
        var extra = JsonNode.Parse(version.Extra)!.AsObject();
        var (model, temperature, tokens) = (Take(extra, "model"), Take(extra, "temperature"), Take(extra, "max_tokens"));
        return new PromptDraft(
            template.Slug,
            template.Mode,
            PromptText.Messages(version.Content),
            model,
            temperature,
            tokens,
            extra.Count == 0 ? "" : PromptText.Indented(extra.ToJsonString()),
            withNotes ? version.Notes ?? "" : "");
    }

    internal static PromptDraft Of(IFormCollection form, TemplateMode mode)
    {
        var (roles, texts, kinds) = (form["role"], form["text"], form["json"]);
        var rows = Enumerable.Range(0, Math.Min(texts.Count, MaxRows)).Select(i => new PromptMessage(
            i < roles.Count ? roles[i] ?? "" : "",
            (texts[i] ?? "").ReplaceLineEndings("\n"),
            i < kinds.Count && kinds[i] == "1"));
        return new PromptDraft(
            form["slug"].ToString(), mode, [.. rows], form["model"].ToString(), form["temperature"].ToString(), form["max_tokens"].ToString(), form["other"].ToString(), form["notes"].ToString().ReplaceLineEndings("\n"));
    }

    internal PromptDraft WithRow() => this with { Messages = [.. Messages, new PromptMessage(Messages is [.., { Role: "user" }] ? "assistant" : "user", "")] };

    /// <summary>What is to be stored, or what is wrong with the fields.</summary>
    internal (TemplateText? Text, string? Fault) Read()
    {
        try
        {
            var extra = Other.Trim().Length == 0 ? new JsonObject() : JsonNode.Parse(Other) as JsonObject;
            if (extra is null)
            {
                return (null, "Other parameters: write a JSON object, such as {\"top_p\": 0.9}.");
            }

            if (Model.Trim().Length > 0)
            {
                extra["model"] = Model.Trim();
            }

            if (!TryNumber(Temperature, extra, "temperature") || !TryNumber(MaxTokens, extra, "max_tokens"))
            {
                return (null, "Temperature and largest answer are numbers.");
            }

            var content = PromptText.Content(Mode, Messages);
            return content is "[]" or "\"\"" ? (null, "Write something into the prompt first.") : (new TemplateText(content, extra.ToJsonString(), Notes: Notes), null);
        }
        catch (JsonException e)
        {
            return (null, $"This is not JSON: {e.Message}");
        }
    }

    private static bool TryNumber(string text, JsonObject extra, string name)
    {
        if (text.Trim().Length == 0)
        {
            return true;
        }

        var isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number);
        extra[name] = number;
        return isNumber;
    }

    private static string Take(JsonObject extra, string name)
    {
        if (extra[name] is not JsonValue value)
        {
            return "";
        }

        extra.Remove(name);
        return value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
    }
}
