using Perilune.Model;

namespace Perilune.Storage;

public partial interface IRunStore
{
    /// <summary>
    /// Like the other, and enters into the accept ledger what the request brought, in the same transaction: every event
    /// is in it as stored or as refused.
    /// </summary>
    /// <exception cref="StoreUnavailableException">As of the other.</exception>
    Task<IReadOnlyList<EventRefusal>> CommitAsync(Guid project, IReadOnlyList<RunEvent> events, Arrival arrival, CancellationToken cancellationToken);

    /// <summary>What arrived since a UTC day, newest day first, by key and client.</summary>
    Task<IReadOnlyList<ArrivalSums>> ArrivalsAsync(Guid project, DateOnly since, CancellationToken cancellationToken);

    /// <summary>The last refusals, newest first; the store keeps <see cref="Arrival.KeptRefusals"/> of them.</summary>
    Task<IReadOnlyList<KeptRefusal>> RefusalsAsync(Guid project, int limit, CancellationToken cancellationToken);
}

/// <summary>A request with events, besides the events themselves.</summary>
/// <param name="Time">When it was received.</param>
/// <param name="KeyId">The key it was sent with; empty when it is not known.</param>
/// <param name="Client">What sent it, such as <c>lunary-js/1.0.18</c>.</param>
/// <param name="Refused">Events that are not among those to store.</param>
public sealed record Arrival(Instant Time, Guid KeyId, string Client, IReadOnlyList<RefusedEvent> Refused)
{
    /// <summary>More different clients of a day are counted together, as <see cref="OtherClients"/>.</summary>
    public const int MostClients = 40;

    public const string OtherClients = "other clients";

    public const int KeptRefusals = 200;

    /// <summary>Of one request; the others only count.</summary>
    public const int KeptRefusalsOfRequest = 20;
}

/// <param name="Event">What names the event, as far as it was understood.</param>
/// <param name="Reason">What was wrong and what to do.</param>
public sealed record RefusedEvent(string? Event, string Reason);

/// <param name="Day">UTC.</param>
/// <param name="Stored">Events.</param>
/// <param name="Refused">Events.</param>
/// <param name="Last">When the last request came.</param>
public sealed record ArrivalSums(DateOnly Day, Guid KeyId, string Client, long Stored, long Refused, Instant Last);

public sealed record KeptRefusal(Instant Time, Guid KeyId, string Client, string? Event, string Reason);
