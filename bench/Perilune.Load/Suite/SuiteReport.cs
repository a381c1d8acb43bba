using System.Text;
using Perilune.Load.Querying;
using Perilune.Load.Sending;

namespace Perilune.Load.Suite;

/// <summary>The table: what was measured beside what the design allows.</summary>
internal sealed class SuiteReport(int size, DateTimeOffset when, string version)
{
    private readonly List<(string What, string Measured, string Budget)> _rows = [];
    private readonly List<string> _failures = [];
    private readonly string _loadBefore = Machine.Load();

    public bool Succeeded => _failures.Count == 0;

    public static string Short(int runs) => runs % 1_000_000 == 0 ? $"{runs / 1_000_000}M" : $"{runs / 1000}k";

    public void Row(string what, string measured, string budget = "")
    {
        _rows.Add((what, measured, budget));
        Console.WriteLine($"{what,-44} {measured}");
    }

    public void Ingest(string what, SendReport report, string rateBudget = "", string ackBudget = "")
    {
        Row(what, $"{report.RunsPerSecond:#,0} runs/s, {report.StoredEvents / report.Seconds:#,0} events/s", rateBudget);
        Row($"{what}: ack p50 / p95 / p99 / max", $"{report.Ack.P50:0.0} / {report.Ack.P95:0.0} / {report.Ack.P99:0.0} / {report.Ack.Max:0} ms", ackBudget);
        Row($"{what}: server CPU, memory", $"{report.CpuSecondsPer1000Runs:0.000} s per 1,000 runs, PSS {report.Server?.PssMegabytes:0} MB at most");
        _failures.AddRange(report.Failures.Select(f => $"{what}: {f.Value} x {f.Key}"));
    }

    public void Question(Answer answer)
    {
        var failed = answer.Succeeded ? "" : $", HTTP {string.Join(", ", answer.Statuses.Keys)}";
        Row(answer.Question.Name,
            $"{answer.Millis.P50:0.0} / {answer.Millis.P95:0.0} / {answer.Millis.P99:0.0} ms, {answer.Rows?.ToString() ?? "1"} rows{failed}",
            answer.Question.BudgetMillis is { } budget ? $"{budget.P50:0.#} / – / {budget.P99:0.#} ms" : "");
        if (!answer.Succeeded)
        {
            _failures.Add($"{answer.Question.Name}{failed}");
        }
    }

    public string Markdown()
    {
        var text = new StringBuilder()
            .AppendLine($"# Benchmark, {Short(size)} runs").AppendLine()
            .AppendLine($"{when:yyyy-MM-dd HH:mm} UTC, Perilune {version}. {Machine.Describe()}. Load average before the run: {_loadBefore}.")
            .AppendLine("Server, load generator and questions share the machine. Batches of 20 events, 16 connections; times of questions are p50 / p95 / p99 of the whole answer over HTTP, warm.")
            .AppendLine().AppendLine("| what | measured | budget |").AppendLine("|---|---|---|");
        foreach (var (what, measured, budget) in _rows)
        {
            text.AppendLine($"| {what} | {measured} | {budget} |");
        }

        if (_failures.Count > 0)
        {
            text.AppendLine().AppendLine("Failures:").AppendLine();
            _failures.ForEach(failure => text.AppendLine($"- {failure}"));
        }

        return text.ToString();
    }
}
