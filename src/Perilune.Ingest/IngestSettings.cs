namespace Perilune.Ingest;

/// <param name="MaxBodyBytes">The largest request body, after decompression.</param>
/// <param name="MaxBytesInFlight">The most that bodies which are being read or stored may take together.</param>
public sealed record IngestSettings(int MaxBodyBytes = 20 << 20, long MaxBytesInFlight = 512L << 20);
