namespace Perilune.Ingest.Otlp;

/// <summary>What senders of metrics are told of data points that are not kept.</summary>
internal static class OtlpMetricsReply
{
    private const string Off = "Set OTEL_METRICS_EXPORTER=none, or leave metrics out of the collector's pipeline to Perilune, to not send them.";

    public const string NoneKept =
        "These metrics are not kept: Perilune counts tokens and cost from spans and log records, and keeps metrics only where Claude Code sends its usage in nothing else. " + Off;

    public const string Told =
        "The tokens and cost in these metrics are not kept, because spans or log records of the same session say them too. " + Off;

    public const string SomeKept = "Of these metrics, the tokens and cost are kept that no span or log record says; the other data points are not.";

    public const string NoSession =
        "The tokens and cost in these metrics are not kept: without a session.id nobody can tell whether spans or log records say them too. Unset OTEL_METRICS_INCLUDE_SESSION_ID, or set it to true.";
}
