namespace Perilune.Load.Querying;

/// <summary>Times the dashboard's pages of a server that is running.</summary>
internal static class VisitCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var url = new Uri(arguments.Text("url") ?? "http://127.0.0.1:3333");
        var (project, key) = (arguments.Required("project"), arguments.Required("key"));
        var (email, password) = (arguments.Required("email"), arguments.Required("password"));
        var (iterations, seconds) = (arguments.Int("iterations", 100), arguments.Double("seconds", 5));
        arguments.RefuseUnread();
        var visitor = new Visitor(url, project, key);
        var succeeded = true;
        Console.WriteLine(QueryCommand.Header);
        await foreach (var answer in visitor.RunAsync(email, password, await visitor.PagesAsync("now", cancellationToken), iterations, seconds, cancellationToken))
        {
            Console.WriteLine(QueryCommand.Line(answer));
            succeeded &= answer.Succeeded;
        }

        Console.WriteLine($"a stored run is announced {(await visitor.WatchAsync(email, password, 20, cancellationToken)).Describe("ms")} after its acknowledgement");
        return succeeded ? 0 : 1;
    }
}
