namespace PeriluneSdk;

/// <summary>What a user thinks of an answer.</summary>
public enum Thumb
{
    /// <summary>No thumb: clears one that was given.</summary>
    None,

    /// <summary>Good.</summary>
    Up,

    /// <summary>Bad.</summary>
    Down,
}
