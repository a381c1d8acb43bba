using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;
using Perilune.Storage.Oracle;

namespace Perilune.Ingest.Tests.Http;

/// <summary>The ingest routes on a real socket, with the real control plane and, unless another is given, the oracle store behind them.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    public static readonly Guid PublicKey = Guid.Parse("00000000-0000-4000-8000-00000000aaaa");
    public static readonly Guid PrivateKey = Guid.Parse("00000000-0000-4000-8000-00000000bbbb");

    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-ingest-").FullName;
    private readonly WebApplication _app;

    private IngestHost(IngestSettings settings, IRunStore store)
    {
        Store = store;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddControl(new ControlSettings(Path.Combine(_folder, "control.db"))).AddAccess();
        builder.Services.AddIngest(settings);
        builder.Services.AddSingleton(Store);
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapIngest();
    }

    public IRunStore Store { get; }

    public HttpClient Client { get; } = new();

    public static async Task<IngestHost> StartAsync(IngestSettings? settings = null, IRunStore? store = null)
    {
        var host = new IngestHost(settings ?? new IngestSettings(), store ?? new OracleRunStore());
        var request = new SetupRequest { Organization = "Acme", Project = "Chatbot", PublicKey = PublicKey, PrivateKey = PrivateKey };
        await host._app.Services.GetRequiredService<Setup>().RunAsync(request, TestContext.Current.CancellationToken);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Client.BaseAddress = new Uri(host._app.Urls.First());
        return host;
    }

    public Task<Answer> PostAsync(string body, string? key = "00000000-0000-4000-8000-00000000aaaa") =>
        SendAsync(new StringContent(body), key);

    public async Task<Answer> SendAsync(HttpContent content, string? key = "00000000-0000-4000-8000-00000000aaaa", string path = "/v1/runs/ingest", bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.RetryAfter?.ToString());
    }

    public Task<Run?> FindAsync(string id) => Store.FindAsync(PublicKey, RunId.FromClient(id), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed record Answer(int Status, string Body, string? RetryAfter)
{
    /// <summary>The top-level message of a refusal.</summary>
    public string Message
    {
        get
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.GetProperty("message").GetString()!;
        }
    }
}
