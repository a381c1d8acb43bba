using System.Text;
using Perilune.Model;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Runs;

/// <summary>One format of an export, line by line.</summary>
internal abstract class RunLines
{
    public abstract string ContentType { get; }

    public virtual string? Head => null;

    /// <summary>Appends the run's line; nothing when it has none in this format.</summary>
    public abstract Task WriteAsync(MemoryStream line, Run run, RunRefs refs, CancellationToken cancellationToken);

    protected static void Write(MemoryStream line, string text) => line.Write(Encoding.UTF8.GetBytes(text));
}
