using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Perilune.Server.Features.Prompts.Api;

// What PromptJson writes, for the OpenAPI document; a test holds the two together.

internal sealed record TemplateShape
{
    public required string Id { get; init; }

    public required Guid ProjectId { get; init; }

    [Description("What applications fetch the template by; unique within the project.")]
    public required string Slug { get; init; }

    [Description("text (the content is a string) or openai (the content is an array of messages).")]
    public required string Mode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("Newest first.")]
    public required IReadOnlyList<TemplateVersionShape> Versions { get; init; }
}

internal sealed record TemplateVersionShape
{
    [Description("What runs name as their templateVersionId.")]
    public required string Id { get; init; }

    public required string TemplateId { get; init; }

    public required string Slug { get; init; }

    [Description("1, 2, 3… within the template.")]
    public required int Version { get; init; }

    [Description("A string, or an array of messages; {{name}} stands for a variable.")]
    public required JsonNode Content { get; init; }

    [Description("Model, temperature and the like.")]
    public required JsonObject Extra { get; init; }

    public required JsonObject? TestValues { get; init; }

    [Description("A draft can be changed, and no application gets it.")]
    public required bool IsDraft { get; init; }

    public required string? Notes { get; init; }

    [Description("Names that point at this version.")]
    public required IReadOnlyList<string> Labels { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? PublishedAt { get; init; }
}

[Description("What an application renders. Names of parameters and messages are in OpenAI's spelling, such as max_tokens.")]
internal sealed record LiveTemplateShape
{
    [Description("Send it as templateVersionId (or templateId) with the runs that use it.")]
    public required string Id { get; init; }

    public required string Slug { get; init; }

    public required int Version { get; init; }

    public required JsonNode Content { get; init; }

    public required JsonObject Extra { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    [Description("The same, as Lunary's SDKs spell it.")]
    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAtToo { get; init; }
}

internal sealed record NewTemplateShape
{
    public required string Slug { get; init; }

    [Description("text or openai; by the form of the content when it is left out.")]
    public string? Mode { get; init; }

    public required JsonNode Content { get; init; }

    public JsonObject? Extra { get; init; }

    public JsonObject? TestValues { get; init; }

    [Description("False publishes the version: applications get it from then on.")]
    public bool? IsDraft { get; init; }

    public string? Notes { get; init; }
}

internal sealed record TemplateChangeShape
{
    public string? Slug { get; init; }

    [Description("Cannot be changed; accepted when it is what the template has.")]
    public string? Mode { get; init; }
}

[Description("What is left out of a new version is taken from the newest one; in a change it stays.")]
internal sealed record TemplateVersionChangeShape
{
    public JsonNode? Content { get; init; }

    public JsonObject? Extra { get; init; }

    public JsonObject? TestValues { get; init; }

    [Description("False publishes the version. A published version stays published.")]
    public bool? IsDraft { get; init; }

    public string? Notes { get; init; }
}

internal sealed record LabelShape
{
    [Description("The number of a published version.")]
    public required int Version { get; init; }
}
