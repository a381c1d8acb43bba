using Perilune.Control;

namespace Perilune.Server.Features.Runs;

/// <summary>The address that a saved view stands for.</summary>
internal static class ViewLinks
{
    public static string Of(Guid project, View view)
    {
        var url = RunLinks.List(project, view.Scope, view.Query);
        return string.IsNullOrEmpty(view.Look) ? url : $"{url}&{view.Look}";
    }
}
