using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using PeriluneSdk;
using Sdk = PeriluneSdk.Perilune;

namespace Perilune.Benchmarks;

/// <summary>What recording costs the thread that is recorded. The server takes everything at once and says nothing.</summary>
[MemoryDiagnoser]
#pragma warning disable CA1001 // CleanUp disposes of them.
public class ClientBenchmarks
#pragma warning restore CA1001
{
    private static readonly string s_text = new('x', 2000);

    private PeriluneClient? _client;
    private NullServer? _server;
    private IChatClient _plain = null!;
    private IChatClient _recorded = null!;

    /// <summary>Whether a client runs; without one nobody listens.</summary>
    [Params(false, true)]
    public bool IsOn { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _plain = new Echo();
        _recorded = new Echo().AsBuilder().UsePerilune().Build();
        if (IsOn)
        {
            _server = new NullServer();
            _client = PeriluneClient.Start(o => (o.Url, o.ApiKey, o.MaxQueueItems) = (_server.Url, "0196f000-0000-4000-8000-00000000aaaa", 1 << 20));
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _client?.Dispose();
        _server?.Dispose();
    }

    /// <summary>An agent's span with input and output, in a scope.</summary>
    [Benchmark]
    public void Span()
    {
        using var scope = Sdk.Scope(user: "u42", thread: "chat-7");
        using var run = Sdk.Agent("WeatherAgent").Input(s_text);
        run.Output(s_text);
    }

    /// <summary>A call through Microsoft.Extensions.AI, without the package.</summary>
    [Benchmark(Baseline = true)]
    public Task<ChatResponse> PlainCall() => _plain.GetResponseAsync(s_text);

    /// <summary>The same, through <c>UsePerilune()</c>; most of it is Microsoft's own middleware, which writes the messages.</summary>
    [Benchmark]
    public Task<ChatResponse> RecordedCall() => _recorded.GetResponseAsync(s_text);

    private sealed class Echo : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, s_text)) { ModelId = "echo", Usage = new UsageDetails { InputTokenCount = 500, OutputTokenCount = 500 } });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class NullServer : IDisposable
    {
        private readonly HttpListener _listener = new();

        public NullServer()
        {
            _listener.Prefixes.Add(Url.AbsoluteUri);
            _listener.Start();
            _ = Task.Run(AnswerAsync);
        }

        public Uri Url { get; } = new("http://127.0.0.1:43991/");

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (_listener.IsListening)
                {
                    var context = await _listener.GetContextAsync();
                    await context.Request.InputStream.CopyToAsync(Stream.Null);
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
