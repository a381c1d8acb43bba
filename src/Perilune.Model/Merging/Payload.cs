namespace Perilune.Model.Merging;

/// <summary>
/// An input, output, error or parameter object as merging sees it: chosen or not, never looked into. A store may carry its
/// own encoded form along in <paramref name="Stored"/> and leave <paramref name="Json"/> absent.
/// </summary>
public readonly record struct Payload(RawJson Json, object? Stored)
{
    public bool IsAbsent => Json.IsAbsent && Stored is null;
}

/// <summary>The encoded forms a store made of an event's payloads before merging; null members fall back to the event's JSON.</summary>
public sealed record StoredPayloads(object? Input, object? Output, object? Error, object? Params, object? Attributes);
