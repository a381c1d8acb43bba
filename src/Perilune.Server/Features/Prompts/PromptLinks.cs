using System.Globalization;

namespace Perilune.Server.Features.Prompts;

/// <summary>Addresses of pages, relative to the page's base.</summary>
internal static class PromptLinks
{
    public static string List(Guid project) => $"projects/{project}/prompts";

    /// <summary>The id in an address; what is none is no template's.</summary>
    public static long Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    public static string New(Guid project, bool isText = false) => $"projects/{project}/prompts/new{(isText ? "?mode=text" : "")}";

    public static string Of(Guid project, long template, int? version = null) =>
        string.Create(CultureInfo.InvariantCulture, $"projects/{project}/prompts/{template}{(version is { } number ? $"?version={number}" : "")}");

    public static string Edit(Guid project, long template, int from) =>
        string.Create(CultureInfo.InvariantCulture, $"projects/{project}/prompts/{template}/edit?from={from}");

    public static string Compare(Guid project, long template, int from, int to) =>
        string.Create(CultureInfo.InvariantCulture, $"projects/{project}/prompts/{template}/compare?from={from}&to={to}");

    /// <summary>The page of a version that a run names; null when the name is none of ours.</summary>
    public static string? Version(Guid project, string? version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? string.Create(CultureInfo.InvariantCulture, $"projects/{project}/prompts/versions/{id}") : null;

    public static string Form(Guid project, long template, string action) =>
        string.Create(CultureInfo.InvariantCulture, $"projects/{project}/prompts/{template}/{action}");
}
