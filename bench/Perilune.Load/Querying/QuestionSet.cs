using System.Text.Json;
using Perilune.Load.Traffic;

namespace Perilune.Load.Querying;

/// <summary>What people ask of a store full of the generator's traffic.</summary>
internal static class QuestionSet
{
    private static readonly (double, double) s_list = (3, 40);

    public static async Task<IReadOnlyList<Question>> PrepareAsync(HttpClient http, TrafficModel model, CancellationToken cancellationToken)
    {
        var calls = await ListAsync(http, "/v1/runs?type=llm&limit=200", cancellationToken);
        var threads = await ListAsync(http, "/v1/runs?type=thread&limit=20", cancellationToken);
        var users = calls.Select(User).OfType<string>().Distinct(StringComparer.Ordinal).Take(50).ToList();
        return
        [
            new("list newest 50 llm", ["/v1/runs?type=llm&limit=50&total=false&detail=preview"], s_list),
            new("list newest 50 traces", ["/v1/runs?type=trace&limit=50&total=false&detail=preview"], s_list),
            new("list newest 20 threads", ["/v1/runs?type=thread&limit=20&total=false&detail=preview"], s_list),
            new("filter model + tag, with total", ["/v1/runs?type=llm&models=gpt-4o&tags=vip&limit=50"]),
            new("list newest 50 llm, whole payloads", ["/v1/runs?type=llm&limit=50&total=false"]),
            new("filter model + tag", ["/v1/runs?type=llm&models=gpt-4o&tags=vip&limit=50&total=false&detail=preview"], s_list),
            new("filter rare model + error", [$"/v1/runs?type=llm&models={Catalogue.RareModel}&status=error&limit=50&total=false&detail=preview"], s_list),
            new("filter by user", [.. users.Select(static u => $"/v1/runs?type=llm&users={Uri.EscapeDataString(u)}&limit=50&total=false&detail=preview")], s_list),
            new("filter metadata env=staging", ["/v1/runs?type=llm&metadata=env.staging&limit=50&total=false&detail=preview"], (500, 500)),
            new("sort by cost", ["/v1/runs?type=llm&limit=50&total=false&detail=preview&sortField=cost&sortDirection=desc"]),
            new("count llm", ["/v1/runs/count?type=llm"]),
            new("search refund (common)", ["/v1/runs?type=llm&search=refund&limit=50&total=false&detail=preview"]),
            new("search overdue-invoice (1 %)", ["/v1/runs?type=llm&search=overdue-invoice&limit=50&total=false&detail=preview"]),
            new("search zebrafish42 (rare)", ["/v1/runs?type=llm&search=zebrafish42&limit=50&total=false&detail=preview"]),
            new("search qqxxnotthere (absent)", ["/v1/runs?type=llm&search=qqxxnotthere&limit=50&total=false&detail=preview"]),
            new("run by id", [.. calls.Select(static c => $"/v1/runs/{Id(c)}")], (1, 1)),
            new("trace of about 8 + related", Related(RootsOf(model, runs => runs is >= 7 and <= 9, 50)), (3, 3)),
            new("trace of about 50 + related", Related(RootsOf(model, runs => runs >= 40, 5)), (3, 3)),
            new("thread + related", Related(threads.Select(Id)), (3, 3)),
        ];
    }

    private static string[] Related(IEnumerable<string> ids) => [.. ids.Select(static id => $"/v1/runs/{id}/related")];

    /// <summary>The lists do not tell how large a trace is, but the generator does.</summary>
    private static IEnumerable<string> RootsOf(TrafficModel model, Func<int, bool> wanted, int count) =>
        Enumerable.Range(0, model.Options.Traces).Select(model.Make).Where(t => wanted(t.Runs)).Take(count).Select(static t => t.RootId);

    public static async Task<List<JsonElement>> ListAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new UsageException($"GET {path} answered {(int)response.StatusCode}: {body}");
        }

        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.GetProperty("data").Clone().EnumerateArray()];
    }

    public static string Id(JsonElement run) => run.GetProperty("id").GetString() ?? "";

    public static string? User(JsonElement run) =>
        run.TryGetProperty("user", out var user) && user.ValueKind == JsonValueKind.Object && user.TryGetProperty("externalId", out var id)
            ? id.GetString()
            : null;
}
