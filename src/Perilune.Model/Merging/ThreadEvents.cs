namespace Perilune.Model.Merging;

/// <summary>Chat messages and thread events are sent about themselves only; this says what they tell about their thread.</summary>
public static class ThreadEvents
{
    /// <summary>The event about the thread that <paramref name="e"/> implies; null when it implies none.</summary>
    public static RunEvent? Implied(RunEvent e)
    {
        if ((e.TraceThreadId ?? e.ParentId) is not { } thread || e.Thread is not { } facts)
        {
            return null;
        }

        return new RunEvent
        {
            Kind = RunEventKind.Chat,
            Id = thread,
            ClientId = facts.ClientId,
            Time = e.Time,
            ReceivedAt = e.ReceivedAt,
            ContentHash = e.ContentHash,
            Type = RunTypes.Thread,
            UserId = e.UserId,
            Tags = facts.Tags,
            Metadata = facts.Metadata,
            Runtime = e.Runtime,
        };
    }
}
