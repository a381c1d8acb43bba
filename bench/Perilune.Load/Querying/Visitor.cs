using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Perilune.Model;

namespace Perilune.Load.Querying;

/// <summary>Somebody who is signed in to the dashboard and opens its pages. What is timed is the page as the server writes it.</summary>
internal sealed partial class Visitor(Uri url, string project, string privateKey)
{
    public const int LargeTrace = 10_000;

    private const int LargeTraceBatch = 1_000;
    private static readonly (double, double) s_page = (10, 40);

    public async IAsyncEnumerable<Answer> RunAsync(
        string email, string password, IEnumerable<Question> pages, int iterations, double secondsPerPage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var http = await SignInAsync(email, password, cancellationToken);
        foreach (var page in pages)
        {
            yield return await Interrogator.AskAsync(http, page, iterations, secondsPerPage, cancellationToken);
        }
    }

    /// <summary>Makes projects as people do.</summary>
    /// <returns>Their public keys.</returns>
    public async Task<IReadOnlyList<string>> MakeProjectsAsync(string email, string password, int count, CancellationToken cancellationToken)
    {
        using var http = await SignInAsync(email, password, cancellationToken);
        var form = await http.GetStringAsync("/projects/new", cancellationToken);
        var organization = OrganizationId().Match(form).Groups["id"].Value;
        var keys = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            using var content = new FormUrlEncodedContent(HiddenFields(form).Where(field => field.Key != "organizationId").Append(new("organizationId", organization)).Append(new("name", $"Project {i}")));
            using var response = await http.PostAsync("/projects", content, cancellationToken);
            keys.Add(response.RequestMessage?.RequestUri?.Segments is [_, "projects/", var id, ..] && response.IsSuccessStatusCode
                ? id.TrimEnd('/')
                : throw new UsageException($"A project could not be made: HTTP {(int)response.StatusCode}."));
        }

        return keys;
    }

    /// <summary>How long after its acknowledgement a run is announced on the list of runs that somebody has open, in milliseconds.</summary>
    public async Task<Percentiles> WatchAsync(string email, string password, int times, CancellationToken cancellationToken)
    {
        using var http = await SignInAsync(email, password, cancellationToken);
        using var sender = Client();

        // Later than what the generator has sent, which goes on after now.
        var start = TimeProvider.System.GetUtcNow().AddHours(12);
        await using var stream = await http.GetStreamAsync($"/projects/{project}/runs/live?scope=all&since={Instant.From(start).Micros}", cancellationToken);
        await using var news = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await news.MoveNextAsync();
        var millis = new List<double>(times);
        for (var i = 1; i <= times; i++)
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { events = Step($"bench-watched-{i}", null, i, start.AddSeconds(i)) }), Encoding.UTF8, "application/json");
            using var response = await sender.PostAsync("/v1/runs/ingest", content, cancellationToken);
            response.EnsureSuccessStatusCode();
            var storedAt = Stopwatch.GetTimestamp();
            await news.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            millis.Add(Stopwatch.GetElapsedTime(storedAt).TotalMilliseconds);
        }

        return Percentiles.Of(millis);
    }

    /// <summary>Stores a trace of <see cref="LargeTrace"/> runs.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> SendLargeTraceAsync(DateTimeOffset start, CancellationToken cancellationToken)
    {
        const string root = "bench-large-trace";
        using var http = Client();
        for (var first = 0; first < LargeTrace; first += LargeTraceBatch)
        {
            var events = Enumerable.Range(first, LargeTraceBatch).SelectMany(i => Step(i == 0 ? root : $"bench-step-{i}", i == 0 ? null : root, i, start.AddMilliseconds(i * 20)));
            using var content = new StringContent(JsonSerializer.Serialize(new { events }), Encoding.UTF8, "application/json");
            using var response = await http.PostAsync("/v1/runs/ingest", content, cancellationToken);
            response.EnsureSuccessStatusCode();
        }

        return root;
    }

    private static IEnumerable<object> Step(string id, string? parent, int i, DateTimeOffset at) =>
    [
        new { type = parent is null ? "agent" : i % 3 == 0 ? "llm" : "tool", @event = "start", runId = id, parentRunId = parent, name = $"step {i}", timestamp = at, input = "what is to be done" },
        new { type = parent is null ? "agent" : i % 3 == 0 ? "llm" : "tool", @event = "end", runId = id, timestamp = at.AddMilliseconds(15), output = "done" },
    ];

    /// <summary>The pages that people open most.</summary>
    /// <param name="when">Said behind the name of each page.</param>
    public async Task<IReadOnlyList<Question>> PagesAsync(string when, CancellationToken cancellationToken)
    {
        using var http = Client();
        var threads = await QuestionSet.ListAsync(http, "/v1/runs?type=thread&limit=20", cancellationToken);
        var traces = await QuestionSet.ListAsync(http, "/v1/runs?type=trace&limit=20&total=false&detail=preview", cancellationToken);
        var users = traces.Select(QuestionSet.User).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return
        [
            Page("runs: LLM calls", "runs?scope=llm"),
            Page("runs: traces", "runs?scope=traces"),
            Page("runs: threads", "runs?scope=threads"),
            Page("runs: a model's errors", "runs?scope=llm&q=" + Uri.EscapeDataString("model:gpt-4o status:error")),
            Page("runs: a rare word", "runs?scope=llm&q=zebrafish42"),
            Page("trace", [.. traces.Select(QuestionSet.Id).Select(id => $"traces/{id}")]),
            Page("thread", [.. threads.Select(QuestionSet.Id).Select(id => $"threads/{id}")]),
            Page("users", "users"),
            Page("user", [.. users.Select(id => $"user?id={Uri.EscapeDataString(id)}")]),
            Page("analytics, 30 days", "analytics"),
            Page("usage", "usage"),
            Page("ingestion", "ingestion"),
        ];

        Question Page(string name, params string[] paths) => new($"page {name}, {when}", [.. paths.Select(path => $"/projects/{project}/{path}")], s_page);
    }

    /// <summary>The page of the trace of <see cref="SendLargeTraceAsync"/>, and the rows that it draws from.</summary>
    public IReadOnlyList<Question> LargeTracePages(string trace) =>
    [
        new($"page trace of {LargeTrace} runs", [$"/projects/{project}/traces/{trace}"], (500, 500)),
        new($"rows of a trace of {LargeTrace} runs", [$"/projects/{project}/traces/{trace}/skeleton"], (500, 500)),
        new($"export of {LargeTrace} runs as JSON lines", [$"/projects/{project}/runs/export?scope=all&q=trace:{trace}&format=jsonl"], (1000, 1000)),
    ];

    private HttpClient Client()
    {
        var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", privateKey);
        return http;
    }

    private async Task<HttpClient> SignInAsync(string email, string password, CancellationToken cancellationToken)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2, UseProxy = false }) { BaseAddress = url };
        var form = await http.GetStringAsync("/login", cancellationToken);
        using var content = new FormUrlEncodedContent(HiddenFields(form).Append(new("email", email)).Append(new("password", password)));
        using var response = await http.PostAsync("/login", content, cancellationToken);
        if (response.RequestMessage?.RequestUri?.AbsolutePath.StartsWith("/login", StringComparison.Ordinal) is not false)
        {
            throw new UsageException($"{email} could not sign in: HTTP {(int)response.StatusCode}.");
        }

        return http;
    }

    private static IEnumerable<KeyValuePair<string, string>> HiddenFields(string form) =>
        Hidden().Matches(form).Select(field => new KeyValuePair<string, string>(field.Groups["name"].Value, field.Groups["value"].Value)).DistinctBy(field => field.Key);

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" ?/?>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex("""name="organizationId" value="(?<id>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OrganizationId();
}
