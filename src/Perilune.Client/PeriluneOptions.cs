using System.Diagnostics;
using System.Net.Http;

namespace PeriluneSdk;

/// <summary>
/// Settings of the client. They are read, weakest first, from <c>LUNARY_API_URL</c> and <c>LUNARY_PUBLIC_KEY</c>, from
/// <c>PERILUNE_URL</c>, <c>PERILUNE_API_KEY</c> and the other <c>PERILUNE_*</c> variables, from the configuration section
/// <c>Perilune</c>, and from code.
/// </summary>
/// <example>
/// <code>
/// builder.Services.AddPerilune(o =>
/// {
///     o.Mask = text => CardNumbers().Replace(text, "****");
///     o.SpoolDirectory = "/var/lib/shop/perilune";
/// });
/// </code>
/// </example>
public sealed class PeriluneOptions
{
    /// <summary>The configuration section that settings are read from: <c>Perilune</c>.</summary>
    public const string SectionName = "Perilune";

    /// <summary>Address of the server, as a browser has it, without <c>/v1</c>. Default: <c>http://localhost:3333</c>.</summary>
    public Uri Url { get; set; } = new("http://localhost:3333");

    /// <summary>
    /// The project's private or public key, a UUID. Without one the client is off, and says so once. A server should use
    /// the private key: the public one cannot score runs that have ended.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>False turns the client off: nothing is recorded or sent. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether inputs, outputs, prompts and tool arguments are sent. Without them, models, times, tokens and errors are.
    /// Default: true.
    /// </summary>
    public bool CaptureContent { get; set; } = true;

    /// <summary>
    /// Called for every text of a payload before it leaves the process, on a background thread; what it returns is sent
    /// instead. A payload is JSON or plain text as the library that made it wrote it. When it throws, the text is replaced
    /// by <c>[masking failed]</c>.
    /// </summary>
    public Func<string, string>? Mask { get; set; }

    /// <summary>
    /// Share of traces to record, from 0 to 1. Decided by the trace's id, so that a trace is kept or left out as a whole,
    /// in every service alike. Events such as feedback are always sent. Default: 1.
    /// </summary>
    public double SampleRate { get; set; } = 1;

    /// <summary>
    /// Names of further <see cref="ActivitySource"/>s whose spans are recorded. A name may end in <c>*</c>. Those of
    /// Microsoft.Extensions.AI, Agent Framework, Semantic Kernel, OpenAI, Azure AI, Anthropic and MCP always are.
    /// </summary>
    public IList<string> Sources { get; } = [];

    /// <summary>
    /// Whether scopes travel to other services as baggage, over HTTP, so that what happens there belongs to the same user
    /// and thread. The headers go wherever the application calls, model providers included. Default: false.
    /// </summary>
    public bool PropagateContext { get; set; }

    /// <summary>Name of this application. Default: <c>OTEL_SERVICE_NAME</c>, or the host's application name.</summary>
    public string? ServiceName { get; set; }

    /// <summary>Such as <c>production</c>. Default: the host's environment.</summary>
    public string? Environment { get; set; }

    /// <summary>Version of this application. Default: the informational version of the entry assembly.</summary>
    public string? Release { get; set; }

    /// <summary>Spans and events that may wait in memory; more are dropped and counted. Default: 16,384.</summary>
    public int MaxQueueItems { get; set; } = 16_384;

    /// <summary>Bytes of spans and events that may wait in memory, roughly; more are dropped and counted. Default: 64 MiB.</summary>
    public long MaxQueueBytes { get; set; } = 64L << 20;

    /// <summary>Spans or events in one request. Default: 512.</summary>
    public int MaxBatchItems { get; set; } = 512;

    /// <summary>How long the first of a batch waits for others. Default: 1 second.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one request may take before it is tried again. Default: 10 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of the application waits for what was not sent yet. Default: 5 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A folder for what cannot be sent now; it is sent later, also by the application's next start. Null, the default:
    /// only memory is used, and what it holds at the end is lost. Several processes may share a folder.
    /// </summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>Bytes the spool folder may take; past that, new batches are dropped and counted. Default: 256 MiB.</summary>
    public long MaxSpoolBytes { get; set; } = 256L << 20;

    /// <summary>How long a fetched prompt template counts as fresh; an older one is used while a new one is fetched. Default: 1 minute.</summary>
    public TimeSpan PromptFreshness { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Changes the handler of the client's own requests: proxies, certificates.</summary>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }

    internal bool IsOn => Enabled && !string.IsNullOrWhiteSpace(ApiKey);
}
