namespace PeriluneSdk;

/// <summary>What became of everything that a client recorded.</summary>
/// <param name="IsOn">Whether it records and sends at all.</param>
/// <param name="Failure">Why nothing can be delivered now, with what to do about it; null while it can.</param>
/// <param name="Waiting">Spans and events in memory.</param>
/// <param name="Stored">Spans and events that the server stored.</param>
/// <param name="Dropped">Spans and events that were dropped, for want of room or time.</param>
/// <param name="Refused">Spans and events that the server refused.</param>
public sealed record DeliveryStatus(bool IsOn, string? Failure, int Waiting, long Stored, long Dropped, long Refused);
