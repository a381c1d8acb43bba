namespace Perilune.Control;

public enum TemplateMode
{
    /// <summary>The content is one text.</summary>
    Text,

    /// <summary>The content is a list of messages.</summary>
    Chat,
}

/// <summary>A prompt that applications fetch by its slug.</summary>
/// <param name="Versions">Newest first.</param>
public sealed record Template(long Id, Guid ProjectId, string Slug, TemplateMode Mode, DateTimeOffset Created, IReadOnlyList<TemplateVersion> Versions)
{
    /// <summary>What applications get that ask for no label: see <see cref="TemplateLabels.Production"/>.</summary>
    public TemplateVersion? Live =>
        Versions.FirstOrDefault(v => v.Labels.Contains(TemplateLabels.Production, StringComparer.Ordinal)) ?? Latest;

    /// <summary>The newest version that was published.</summary>
    public TemplateVersion? Latest => Versions.FirstOrDefault(v => !v.IsDraft);
}

/// <summary>One wording of a prompt. A draft can be changed; once published it stays as it is, because runs refer to it.</summary>
/// <param name="Id">What runs name as their template version; unique in this server.</param>
/// <param name="Number">1, 2, 3… within the template.</param>
/// <param name="Content">JSON: a string, or an array of messages.</param>
/// <param name="Extra">A JSON object: model, temperature and the like.</param>
/// <param name="TestValues">A JSON object with a value for each variable, to try the prompt with.</param>
/// <param name="Labels">In alphabetical order.</param>
public sealed record TemplateVersion(
    long Id,
    long TemplateId,
    string Slug,
    int Number,
    string Content,
    string Extra,
    string? TestValues,
    string? Notes,
    DateTimeOffset Created,
    DateTimeOffset? Published,
    IReadOnlyList<string> Labels)
{
    public bool IsDraft => Published is null;
}

/// <summary>What is written in a version. What is null is left as it is.</summary>
/// <param name="Content">JSON.</param>
/// <param name="Extra">JSON.</param>
/// <param name="TestValues">JSON.</param>
public sealed record TemplateText(string? Content = null, string? Extra = null, string? TestValues = null, string? Notes = null);

/// <summary>Which template and version an id that runs carry stands for.</summary>
public sealed record TemplateVersionName(long Id, long TemplateId, string Slug, int Number);
