using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using Microsoft.Extensions.Logging;
using PeriluneSdk.Delivery;

namespace PeriluneSdk.Prompts;

/// <summary>
/// Prompt templates of the project, as they are deployed. A template is fetched once and kept; when it is older than
/// <see cref="PeriluneOptions.PromptFreshness"/> the kept one is given at once and a newer one is fetched beside. With a
/// <see cref="PeriluneOptions.SpoolDirectory"/> it is also kept on disk, for starts without a server.
/// </summary>
/// <example>
/// <code>
/// var template = await prompts.GetAsync("weather", fallback: Prompt.Chat(("system", "You are terse."), ("user", "{{question}}")));
/// var prompt = template.Render(("question", question));
/// var answer = await chat.GetResponseAsync(prompt.Messages, prompt.Options);
/// </code>
/// </example>
public sealed partial class PromptClient : IDisposable
{
    private const int MaxTemplates = 10_000;

    private readonly ConcurrentDictionary<string, KeptPrompt> _kept = new(StringComparer.Ordinal);
    private readonly PeriluneOptions _options;
    private readonly ILogger _logger;
    private readonly HttpClient? _http;
    private readonly PromptFolder? _folder;
    private readonly TimeProvider _time = TimeProvider.System;

    internal PromptClient(PeriluneOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        if (options.IsOn)
        {
            _http = Sender.NewHttp(options);
            _folder = options.SpoolDirectory is { Length: > 0 } folder ? new PromptFolder(Path.Combine(folder, "prompts")) : null;
        }
    }

    /// <summary>Gives the deployed version of a template.</summary>
    /// <param name="slug">The template's name, as the dashboard shows it.</param>
    /// <param name="fallback">Used when the server cannot be reached and the template was never fetched.</param>
    /// <param name="cancellationToken">Ends the wait for the first fetch.</param>
    /// <returns>The template.</returns>
    /// <exception cref="PromptNotFoundException">There is none, and no fallback. The message says what to do.</exception>
    public async Task<Prompt> GetAsync(string slug, Prompt? fallback = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(slug);
        if (_kept.TryGetValue(slug, out var kept))
        {
            if (_time.GetElapsedTime(kept.Fetched) >= _options.PromptFreshness && kept.TryBeginRefresh())
            {
                _ = RefreshAsync(slug, kept);
            }

            return kept.Prompt;
        }

        var (fetched, problem) = await FetchAsync(slug, cancellationToken).ConfigureAwait(false);
        if (fetched is null && _folder?.Read(slug) is { } old)
        {
            fetched = old;
            LogFromDisk(_logger, slug, problem);
        }

        if (fetched is not null)
        {
            Keep(slug, fetched);
            return fetched;
        }

        if (fallback is null)
        {
            throw new PromptNotFoundException($"The prompt template \"{slug}\" could not be fetched: {problem} Give GetAsync a fallback, to go on without the server.");
        }

        LogFallback(_logger, slug, problem);
        return fallback with { Slug = slug };
    }

    /// <summary>Fetches templates before they are needed, so that <see cref="GetAsync"/> does not wait.</summary>
    /// <param name="slugs">Their names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when all were fetched or could not be; it does not fail.</returns>
    public async Task WarmAsync(IEnumerable<string> slugs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(slugs);
        foreach (var slug in slugs)
        {
            if ((await FetchAsync(slug, cancellationToken).ConfigureAwait(false)).Prompt is { } prompt)
            {
                Keep(slug, prompt);
            }
        }
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _http?.Dispose();

    private async Task RefreshAsync(string slug, KeptPrompt kept)
    {
        var (prompt, problem) = await FetchAsync(slug, CancellationToken.None).ConfigureAwait(false);
        if (prompt is not null)
        {
            Keep(slug, prompt);
        }
        else
        {
            LogStale(_logger, slug, problem);
            kept.EndRefresh(_time.GetTimestamp());
        }
    }

    private void Keep(string slug, Prompt prompt)
    {
        if (_kept.Count < MaxTemplates || _kept.ContainsKey(slug))
        {
            _kept[slug] = new KeptPrompt(prompt, _time.GetTimestamp());
        }

        _folder?.Write(slug, prompt);
    }

    private async Task<(Prompt? Prompt, string Problem)> FetchAsync(string slug, CancellationToken cancellationToken)
    {
        if (_http is null)
        {
            return (null, "Perilune is off: set PERILUNE_API_KEY.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.RequestTimeout);
        try
        {
            using var response = await _http.GetAsync(new Uri(_http.BaseAddress!, $"v1/template_versions/latest?slug={Uri.EscapeDataString(slug)}"), limit.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => PromptJson.Read(body) is { } prompt ? (prompt, "") : (null, "the server's answer is not a template."),
                HttpStatusCode.NotFound => (null, "the project has no deployed template of that name."),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (null, "the server does not take the key; check PERILUNE_API_KEY."),
                _ => (null, $"the server answered {(int)response.StatusCode}."),
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, error is OperationCanceledException ? $"no answer within {_options.RequestTimeout.TotalSeconds} s." : $"{error.Message}.");
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "The prompt template {Slug} is used as it was kept on disk: {Problem}")]
    private static partial void LogFromDisk(ILogger logger, string slug, string problem);

    [LoggerMessage(21, LogLevel.Warning, "The fallback of the prompt template {Slug} is used: {Problem}")]
    private static partial void LogFallback(ILogger logger, string slug, string problem);

    [LoggerMessage(22, LogLevel.Warning, "The prompt template {Slug} is used as it was fetched before: {Problem}")]
    private static partial void LogStale(ILogger logger, string slug, string problem);
}
