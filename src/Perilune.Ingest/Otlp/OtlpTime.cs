using Perilune.Model;

namespace Perilune.Ingest.Otlp;

internal static class OtlpTime
{
    /// <summary>Nanoseconds since 1970 as an instant; null when there is no time, which OTLP writes as 0.</summary>
    public static Instant? Of(ulong nanos) => nanos == 0 ? null : new Instant((long)(nanos / 1000));
}
