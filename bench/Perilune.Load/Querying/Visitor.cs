using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

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
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false };
        using var http = new HttpClient(handler) { BaseAddress = url };
        await SignInAsync(http, email, password, cancellationToken);
        foreach (var page in pages)
        {
            yield return await Interrogator.AskAsync(http, page, iterations, secondsPerPage, cancellationToken);
        }
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
    ];

    private HttpClient Client()
    {
        var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", privateKey);
        return http;
    }

    private static async Task SignInAsync(HttpClient http, string email, string password, CancellationToken cancellationToken)
    {
        var form = await http.GetStringAsync("/login", cancellationToken);
        var fields = Hidden().Matches(form).Select(field => new KeyValuePair<string, string>(field.Groups["name"].Value, field.Groups["value"].Value));
        using var content = new FormUrlEncodedContent(fields.Append(new("email", email)).Append(new("password", password)));
        using var response = await http.PostAsync("/login", content, cancellationToken);
        if (response.RequestMessage?.RequestUri?.AbsolutePath.StartsWith("/login", StringComparison.Ordinal) is not false)
        {
            throw new UsageException($"{email} could not sign in: HTTP {(int)response.StatusCode}.");
        }
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" ?/?>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hidden();
}
