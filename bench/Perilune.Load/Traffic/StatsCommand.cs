using System.Text.Json;

namespace Perilune.Load.Traffic;

/// <summary>Measures the traffic from its JSON, to be checked against the shape it claims.</summary>
internal static class StatsCommand
{
    private static readonly string[] s_needles = ["refund", "overdue-invoice", "zebrafish42", "qqxxnotthere"];

    public static void Run(Arguments arguments)
    {
        var model = new TrafficModel(TrafficOptions.From(arguments));
        arguments.RefuseUnread();
        var (runs, events, bytes, errors, feedback, users, messages) = (0, 0, 0L, 0, 0, 0, 0);
        var types = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var inputs = new List<double>();
        var outputs = new List<double>();
        var needles = new int[s_needles.Length];
        for (var i = 0; i < model.Options.Traces; i++)
        {
            var trace = model.Make(i);
            runs += trace.Runs;
            events += trace.Events.Count;
            var hasUser = false;
            foreach (var slice in trace.Events)
            {
                bytes += slice.Length;
                using var json = JsonDocument.Parse(trace.Utf8.Slice(slice.Start, slice.Length));
                var e = json.RootElement;
                var (kind, type) = (e.GetProperty("event").GetString(), e.GetProperty("type").GetString());
                hasUser |= e.TryGetProperty("userId", out _);
                errors += kind == "error" ? 1 : 0;
                feedback += kind == "feedback" ? 1 : 0;
                if (slice.Runs > 0 && type is not null)
                {
                    types[type] = types.GetValueOrDefault(type) + slice.Runs;
                }

                if (type == "llm" && e.TryGetProperty("input", out var input))
                {
                    inputs.Add(input.GetRawText().Length / 1024.0);
                    messages += input.GetArrayLength();
                    for (var n = 0; n < s_needles.Length; n++)
                    {
                        needles[n] += input.EnumerateArray().Count(m => m.GetProperty("content").GetString()?.Contains(s_needles[n], StringComparison.Ordinal) == true);
                    }
                }
                else if (type == "llm" && e.TryGetProperty("output", out var output))
                {
                    outputs.Add(output.GetRawText().Length / 1024.0);
                }
            }

            users += hasUser ? 1 : 0;
        }

        var llm = (double)inputs.Count;
        Console.WriteLine($"traces {model.Options.Traces}, runs {runs}, events {events}");
        Console.WriteLine($"per trace {(double)runs / model.Options.Traces:0.00} runs; per run {(double)events / runs:0.00} events, {bytes / 1024.0 / runs:0.00} KB of JSON");
        Console.WriteLine($"types {string.Join(", ", types.Select(t => $"{t.Key} {100.0 * t.Value / runs:0.0} %"))} (thread: threads and chats)");
        Console.WriteLine($"llm input {Percentiles.Of(inputs).Describe("KB")}; output {Percentiles.Of(outputs).Describe("KB")}");
        Console.WriteLine($"errors {100.0 * errors / runs:0.0} % of runs, feedback {100 * feedback / llm:0.0} % of llm, traces with a user {100.0 * users / model.Options.Traces:0.0} %");
        Console.WriteLine($"words, per message in llm inputs: {string.Join(", ", s_needles.Select((n, i) => $"{n} {100.0 * needles[i] / messages:0.000} %"))}");
    }
}
