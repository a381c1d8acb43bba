namespace PeriluneSdk.Hosting;

/// <summary>The environment variable of each setting.</summary>
internal static class SettingNames
{
    public static readonly (string Variable, string Setting)[] All =
    [
        ("PERILUNE_URL", nameof(PeriluneOptions.Url)),
        ("PERILUNE_API_KEY", nameof(PeriluneOptions.ApiKey)),
        ("PERILUNE_ENABLED", nameof(PeriluneOptions.Enabled)),
        ("PERILUNE_CAPTURE_CONTENT", nameof(PeriluneOptions.CaptureContent)),
        ("PERILUNE_SAMPLE_RATE", nameof(PeriluneOptions.SampleRate)),
        ("PERILUNE_SOURCES", nameof(PeriluneOptions.Sources)),
        ("PERILUNE_PROPAGATE_CONTEXT", nameof(PeriluneOptions.PropagateContext)),
        ("PERILUNE_SERVICE_NAME", nameof(PeriluneOptions.ServiceName)),
        ("PERILUNE_ENVIRONMENT", nameof(PeriluneOptions.Environment)),
        ("PERILUNE_RELEASE", nameof(PeriluneOptions.Release)),
        ("PERILUNE_MAX_QUEUE_ITEMS", nameof(PeriluneOptions.MaxQueueItems)),
        ("PERILUNE_MAX_QUEUE_BYTES", nameof(PeriluneOptions.MaxQueueBytes)),
        ("PERILUNE_MAX_BATCH_ITEMS", nameof(PeriluneOptions.MaxBatchItems)),
        ("PERILUNE_FLUSH_INTERVAL", nameof(PeriluneOptions.FlushInterval)),
        ("PERILUNE_REQUEST_TIMEOUT", nameof(PeriluneOptions.RequestTimeout)),
        ("PERILUNE_SHUTDOWN_TIMEOUT", nameof(PeriluneOptions.ShutdownTimeout)),
        ("PERILUNE_SPOOL_DIRECTORY", nameof(PeriluneOptions.SpoolDirectory)),
        ("PERILUNE_MAX_SPOOL_BYTES", nameof(PeriluneOptions.MaxSpoolBytes)),
        ("PERILUNE_PROMPT_FRESHNESS", nameof(PeriluneOptions.PromptFreshness)),
    ];
}
