using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Json;

/// <summary>What a request's body holds of runs.</summary>
internal sealed class RunBatch
{
    /// <summary>Runs, spans and scores in one request; those after that are refused.</summary>
    public const int MaxItems = 50_000;

    public List<RunEvent> Events { get; } = [];

    public RefusedEvents Refused { get; } = new();

    /// <summary>What the items say of runs besides their own: no items themselves, and left out where a public key may not say it.</summary>
    public List<RunEvent> Derived { get; } = [];

    /// <summary>Finds what can be said only of runs that are stored, once these are; null when there is nothing of the kind.</summary>
    public Func<IRunStore, Guid, Task<IReadOnlyList<RunEvent>>>? Afterwards { get; set; }

    /// <summary>Whether there is room for another item; says so when there is none.</summary>
    /// <param name="what">The item.</param>
    /// <param name="unread">Items that are still to become events.</param>
    public bool HasRoom(string what, int unread = 0)
    {
        if (Events.Count + Refused.Count + unread < MaxItems)
        {
            return true;
        }

        Refuse(what, $"A request may hold {MaxItems:N0} items; send the ones after that in another.");
        return false;
    }

    public void Refuse(string what, string reason) => Refused.Add(() => Arrivals.Refused(what, reason));
}

/// <summary>Nothing can be read of a body; the message says where it went wrong and what was expected.</summary>
internal sealed class MalformedBodyException : Exception
{
    public MalformedBodyException()
    {
    }

    public MalformedBodyException(string message)
        : base(message)
    {
    }

    public MalformedBodyException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
