using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using PeriluneSdk.Delivery;
using PeriluneSdk.Hosting;
using PeriluneSdk.Prompts;
using PeriluneSdk.Recording;
using PeriluneSdk.Scopes;
using PeriluneSdk.Wire;

namespace PeriluneSdk;

/// <summary>
/// The connection to a Perilune server: records, keeps, sends. One per process; <see cref="Perilune"/> reaches it from
/// anywhere. Its members may be called from any thread, do not wait and do not throw for what the server or network do.
/// </summary>
public sealed class PeriluneClient : IAsyncDisposable, IDisposable
{
    private static PeriluneClient? s_current;

    private readonly DeliveryLoop? _delivery;
    private readonly SourceListener? _listener;
    private readonly Sender? _sender;
    private readonly DeliveryLog? _log;
    private readonly WaitingQueue _queue;
    private readonly Counters _counters = new();
    private readonly IdentifiedUsers _identified = new();
    private readonly bool _ownsResource;
    private int _resourceTaken;

    internal PeriluneClient(PeriluneOptions options, ILoggerFactory? loggers, IHostEnvironment? host, bool isInPipeline)
    {
        Options = options;
        var logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Perilune");
        Recorder = new SpanRecorder(options, Deliver);
        Prompts = new PromptClient(options, logger);
        _queue = new WaitingQueue(options.MaxQueueItems, options.MaxQueueBytes);
        _ownsResource = !isInPipeline;
        if (!options.IsOn)
        {
            StartLog.Off(logger, options);
            return;
        }

        _log = new DeliveryLog(logger, options.Url, TimeProvider.System);
        _sender = new Sender(Sender.NewHttp(options), options) { Resource = ResourceAttributes.Of(options, host) };
        var collector = new Collector(_queue, new SpanEncoder(Recorder, options), new EventEncoder(options), options.MaxBatchItems, GiveUp);
        _delivery = new DeliveryLoop(_queue, collector, _sender, StartLog.OpenSpool(logger, options), _counters, _log, options, TimeProvider.System);
        _delivery.Start();
        _listener = new SourceListener(Recorder, records: !isInPipeline, takesContext: options.PropagateContext);
        Interlocked.Exchange(ref s_current, this);
    }

    /// <summary>Prompt templates of the project.</summary>
    public PromptClient Prompts { get; }

    /// <summary>What became of everything that was recorded so far.</summary>
    public DeliveryStatus Status => new(_delivery is not null, _log?.Reason, _queue.Held, _counters.Stored, _counters.Dropped, _counters.Refused);

    internal static PeriluneClient? Current => Volatile.Read(ref s_current);

    internal PeriluneOptions Options { get; }

    internal SpanRecorder Recorder { get; }

    /// <summary>Starts a client for a program without dependency injection, which disposes of it at its end.</summary>
    /// <param name="configure">Changes settings, which otherwise come from the environment.</param>
    /// <param name="loggers">Where to tell of trouble; null for nowhere.</param>
    /// <returns>The client.</returns>
    /// <exception cref="OptionsValidationException">A setting is wrong; the message says which and how to mend it.</exception>
    public static PeriluneClient Start(Action<PeriluneOptions>? configure = null, ILoggerFactory? loggers = null)
    {
        var options = new PeriluneOptions();
        new OptionsSetup(configuration: null).Configure(options);
        configure?.Invoke(options);
        var validation = new OptionsValidation().Validate(Microsoft.Extensions.Options.Options.DefaultName, options);
        if (validation.Failed)
        {
            throw new OptionsValidationException(nameof(PeriluneOptions), typeof(PeriluneOptions), validation.Failures);
        }

        return new PeriluneClient(options, loggers, host: null, isInPipeline: false);
    }

    /// <inheritdoc cref="Perilune.Identify"/>
    public void Identify(PeriluneUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (_delivery is not null && user.ToProps() is { } props && _identified.IsNew(user.Id, props))
        {
            Send(EventJson.Identify(user.Id, props));
        }
    }

    /// <inheritdoc cref="Perilune.Feedback"/>
    public void Feedback(string runId, Thumb thumb, string? comment = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runId);
        Send(EventJson.Feedback(runId, thumb, comment));
    }

    /// <inheritdoc cref="Perilune.Score(string, string, double, string?)"/>
    public void Score(string runId, string label, double value, string? comment = null) => Score(runId, label, JsonValue.Create(value), comment);

    /// <inheritdoc cref="Perilune.Score(string, string, string, string?)"/>
    public void Score(string runId, string label, string value, string? comment = null) => Score(runId, label, JsonValue.Create(value), comment);

    /// <inheritdoc cref="Perilune.Score(string, string, bool, string?)"/>
    public void Score(string runId, string label, bool value, string? comment = null) => Score(runId, label, JsonValue.Create(value), comment);

    /// <inheritdoc cref="Perilune.FlushAsync"/>
    public Task<bool> FlushAsync(CancellationToken cancellationToken = default) => _delivery?.FlushAsync(cancellationToken) ?? Task.FromResult(true);

    /// <summary>Sends what is waiting, for up to <see cref="PeriluneOptions.ShutdownTimeout"/>, and ends.</summary>
    /// <returns>A task that ends with the client.</returns>
    public async ValueTask DisposeAsync()
    {
        Interlocked.CompareExchange(ref s_current, null, this);
        _listener?.Dispose();
        if (_delivery is not null)
        {
            await _delivery.DisposeAsync().ConfigureAwait(false);
        }

        Prompts.Dispose();
    }

    /// <summary>Same as <see cref="DisposeAsync"/>, and waits for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal void Send(JsonObject e)
    {
        const int eventCost = 1024;
        _delivery?.Add(new Waiting(e, eventCost + ((e["message"] as JsonObject)?["content"]?.ToString().Length ?? 0)));
    }

    internal void Propagate()
    {
        if (Options.PropagateContext && Activity.Current is { } activity && ScopeHandle.Current is { } scope)
        {
            ScopeBaggage.Write(activity, scope);
        }
    }

    /// <summary>Takes over how the application's OpenTelemetry describes it.</summary>
    internal void UseResource(BaseProvider? provider)
    {
        if (!_ownsResource && _sender is not null && provider is not null && Interlocked.Exchange(ref _resourceTaken, 1) == 0)
        {
            _sender.Resource = ResourceAttributes.Merge(_sender.Resource, provider.GetResource());
        }
    }

    private void Score(string runId, string label, JsonValue value, string? comment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runId);
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        Send(EventJson.Score(runId, label, value, comment));
    }

    private void GiveUp(Waiting waiting, Exception error)
    {
        _queue.Release(1, waiting.Cost);
        _counters.Drop(1);
        _counters.Settle(1);
        _log?.Unwritable(error);
    }

    private void Deliver(Activity activity) => _delivery?.Add(new Waiting(activity, SpanCost.Of(activity)));
}
