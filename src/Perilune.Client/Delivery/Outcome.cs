namespace PeriluneSdk.Delivery;

internal enum OutcomeKind
{
    /// <summary>The server has it, but for what it refused.</summary>
    Stored,

    /// <summary>Not now: the same request later.</summary>
    Later,

    /// <summary>Later, but when it fails again and again, something in it may be the cause.</summary>
    LaterOrUnfit,

    /// <summary>This request as it is will never be taken, but parts of it may.</summary>
    Unfit,
}

/// <summary>What became of a request.</summary>
/// <param name="Reason">Why it failed, or why some was refused, with what to do about it.</param>
/// <param name="Refused">Items that the server refused of a request that it took.</param>
/// <param name="RetryAfter">How long the server asks to be left alone.</param>
internal readonly record struct Outcome(OutcomeKind Kind, string? Reason = null, long Refused = 0, TimeSpan? RetryAfter = null);
