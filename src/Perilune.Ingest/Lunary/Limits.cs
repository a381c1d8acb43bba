namespace Perilune.Ingest.Lunary;

/// <summary>
/// Bounds of what identifies and labels a run, in UTF-8 bytes unless said. Payloads are bounded by the body alone.
/// </summary>
internal static class Limits
{
    public const int EventsPerRequest = 50_000;
    public const int Id = 1024;
    public const int Name = 4096;
    public const int UserId = 1024;

    /// <summary>Types, roles, runtimes, template versions and project keys.</summary>
    public const int Label = 256;

    /// <summary>The most tokens that a run may have of a kind; not a limit in bytes.</summary>
    public const long Count = 1_000_000_000_000;

    /// <summary>How many tags a run may have.</summary>
    public const int Tags = 128;
    public const int Tag = 256;

    /// <summary>Why a score was given.</summary>
    public const int Comment = 65_536;
}
