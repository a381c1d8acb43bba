using Perilune.Load.Traffic;

namespace Perilune.Load.Querying;

internal static class QueryCommand
{
    public static string Header => $"{"question",-32}{"p50 ms",9}{"p95 ms",9}{"p99 ms",9}{"rows",7}{"KB",8}  status";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var url = new Uri(arguments.Text("url") ?? "http://127.0.0.1:3333");
        var key = arguments.Required("key");
        var (iterations, seconds) = (arguments.Int("iterations", 200), arguments.Double("seconds", 20));
        var model = new TrafficModel(TrafficOptions.From(arguments));
        arguments.RefuseUnread();
        var succeeded = true;
        Console.WriteLine(Header);
        await foreach (var answer in new Interrogator(url, key, model).RunAsync(iterations, seconds, cancellationToken))
        {
            Console.WriteLine(Line(answer));
            succeeded &= answer.Succeeded;
        }

        return succeeded ? 0 : 1;
    }

    public static string Line(Answer answer) =>
        $"{answer.Question.Name,-32}{answer.Millis.P50,9:0.00}{answer.Millis.P95,9:0.00}{answer.Millis.P99,9:0.00}{answer.Rows,7}" +
        $"{answer.Bytes / 1024.0,8:0.0}  {string.Join(", ", answer.Statuses.Select(static s => $"{s.Value} x {s.Key}"))}";
}
