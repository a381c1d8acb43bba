namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Bounds of what one request may hold; payloads are bounded by the body alone.</summary>
internal static class OtlpLimits
{
    /// <summary>After decompression, as the protocol's document recommends.</summary>
    public const int BodyBytes = 64 << 20;

    /// <summary>Spans, log records or numbers of metrics of one request; the ones beyond it are refused.</summary>
    public const int Items = 100_000;

    /// <summary>Sessions whose metrics one request may bring, each of which is looked up; the ones beyond it are not kept.</summary>
    public const int Sessions = 1_000;

    /// <summary>Attributes, list items and events of one span, record or number, which cost more memory than bytes.</summary>
    public const int Nodes = 100_000;

    /// <summary>How deep lists and maps may be nested.</summary>
    public const int Depth = 64;
}
