using Perilune.Model;

namespace Perilune.Server.Features.Traces.Messages;

/// <summary>The media that messages of a run refer to, as far as they have arrived, by the ids of the references.</summary>
public sealed record RunMedia(Guid ProjectId, IReadOnlyDictionary<string, StoredMedium> Stored);

/// <param name="Run">The run that holds it.</param>
/// <param name="Bytes">Null when it is not known.</param>
public sealed record StoredMedium(RunId Run, string Type, long? Bytes)
{
    /// <summary>An SVG is a document that can fetch and link; only pixels are shown.</summary>
    public bool IsPicture => MediaTypes.IsPicture(Type);

    public bool IsSound => MediaTypes.IsSound(Type);
}
