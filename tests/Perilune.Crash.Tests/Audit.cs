using System.Net;
using System.Text.Json;

namespace Perilune.Crash.Tests;

/// <summary>Reads everything back through the API and compares it with the ledger.</summary>
internal sealed class Audit(HttpClient http, Ledger ledger)
{
    private readonly List<string> _lost = [];
    private readonly List<string> _wrong = [];

    /// <summary>Acknowledged events that are not there.</summary>
    public IReadOnlyList<string> Lost => _lost;

    /// <summary>Doubles, strangers and altered contents.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    public static async Task<Audit> RunAsync(ServerProcess server, Ledger ledger, CancellationToken cancellationToken)
    {
        using var http = server.Reader();
        var audit = new Audit(http, ledger);
        foreach (var run in ledger.Runs)
        {
            await audit.CompareAsync(run, cancellationToken);
        }

        foreach (var type in ledger.Runs.Select(static run => run.First().Type).Distinct(StringComparer.Ordinal).ToList())
        {
            await audit.CompareListAsync(type, cancellationToken);
        }

        return audit;
    }

    private async Task CompareAsync(IGrouping<string, PlannedEvent> run, CancellationToken cancellationToken)
    {
        var isThread = run.First().Place == Place.Message;
        using var stored = await GetAsync(isThread ? $"/v1/runs/{run.Key}/related" : $"/v1/runs/{run.Key}", cancellationToken);
        foreach (var sent in run)
        {
            var found = stored is null ? 0 : isThread ? CountMessages(stored.RootElement, sent.Content) : CountIn(stored.RootElement, sent);
            if (found == 0 && ledger.IsAcknowledged(sent))
            {
                _lost.Add(Describe(sent));
            }
            else if (found > 1)
            {
                _wrong.Add($"{found} times {Describe(sent)}");
            }
        }
    }

    private int CountIn(JsonElement stored, PlannedEvent sent)
    {
        if (!stored.TryGetProperty(sent.Place == Place.Input ? "input" : "output", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return 0;
        }

        if (value.ValueKind != JsonValueKind.String || value.GetString() != sent.Content)
        {
            _wrong.Add($"{Describe(sent)} became {value.GetRawText()}");
        }

        return 1;
    }

    private static int CountMessages(JsonElement rows, string content) => rows.EnumerateArray()
        .Where(static row => row.GetProperty("type").GetString() == "chat")
        .SelectMany(static row => new[] { "input", "output" }.Where(name => row.TryGetProperty(name, out var m) && m.ValueKind == JsonValueKind.Array).Select(row.GetProperty))
        .SelectMany(static messages => messages.EnumerateArray())
        .Count(message => message.GetProperty("content").GetString() == content);

    /// <summary>The lists must name each run once, and none that nobody sent.</summary>
    private async Task CompareListAsync(string type, CancellationToken cancellationToken)
    {
        var sent = ledger.Runs.Where(run => run.First().Type == type).ToDictionary(static run => run.Key, run => run.Any(ledger.IsAcknowledged), StringComparer.Ordinal);
        var listed = await ListAsync(type, cancellationToken);
        _wrong.AddRange(listed.GroupBy(static id => id, StringComparer.Ordinal).Where(static g => g.Count() > 1).Select(g => $"{type} {g.Key} is listed {g.Count()} times"));
        _wrong.AddRange(listed.Where(id => !sent.ContainsKey(id)).Select(id => $"{type} {id} is listed and was never sent"));
        _lost.AddRange(sent.Where(static run => run.Value).Select(static run => run.Key).Except(listed, StringComparer.Ordinal).Select(id => $"{type} {id} is not listed"));
    }

    private async Task<List<string>> ListAsync(string type, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            using var page = await GetAsync($"/v1/runs?type={type}&limit=100{(cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellationToken);
            ids.AddRange(page!.RootElement.GetProperty("data").EnumerateArray().Select(static run => run.GetProperty("id").GetString()!));
            cursor = page.RootElement.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }

        return ids;
    }

    private async Task<JsonDocument?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(path, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        Assert.True(response.IsSuccessStatusCode, $"GET {path} answered {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body);
    }

    private static string Describe(PlannedEvent sent) => $"{sent.Type} {sent.RunId} {sent.Place} '{sent.Content[..Math.Min(20, sent.Content.Length)]}'";
}
