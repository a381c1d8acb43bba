using Perilune.Model;

namespace Perilune.Server.Features.Traces;

/// <summary>A run at its place in the tree, in the order of reading.</summary>
public sealed record TraceRow(Run Run, int Depth, bool HasChildren)
{
    /// <summary>Depths beyond this are drawn alike.</summary>
    public const int MaxIndent = 16;

    public string Name => !string.IsNullOrWhiteSpace(Run.Name) ? Run.Name : Run.Type.Length > 0 ? Run.Type : "unnamed";

    public int Indent => Math.Min(Depth, MaxIndent);
}
