namespace Perilune.Storage.Sqlite.Write;

/// <summary>Work that waits for a project's writer: what to do within a transaction, its weight in bytes, and who waits for it.</summary>
internal sealed record PendingWork(Action<ProjectWriter> Work, long Bytes)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
