namespace Perilune.Control.Data;

internal sealed class TemplateRow
{
    /// <summary>Never given to another template, not even after this one is gone: runs refer to versions for good.</summary>
    public long Id { get; init; }

    public Guid ProjectId { get; init; }

    public required string Slug { get; set; }

    public TemplateMode Mode { get; set; }

    public DateTimeOffset Created { get; init; }

    public List<TemplateVersionRow> Versions { get; } = [];

    public List<TemplateLabelRow> Labels { get; } = [];
}

internal sealed class TemplateVersionRow
{
    /// <summary>What runs name as their template version.</summary>
    public long Id { get; init; }

    public long TemplateId { get; init; }

    public int Number { get; init; }

    /// <summary>JSON: a string, or an array of messages.</summary>
    public required string Content { get; set; }

    /// <summary>A JSON object: model, temperature and the like.</summary>
    public required string Extra { get; set; }

    /// <summary>A JSON object.</summary>
    public string? TestValues { get; set; }

    public string? Notes { get; set; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public DateTimeOffset? Published { get; set; }

    public TemplateRow Template { get; init; } = null!;
}

internal sealed class TemplateLabelRow
{
    public long TemplateId { get; init; }

    public required string Label { get; init; }

    public long VersionId { get; set; }
}
