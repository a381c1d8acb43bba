using Perilune.Load.Traffic;

namespace Perilune.Load.Sending;

internal static class SendCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var options = SendOptions.From(arguments);
        var model = new TrafficModel(TrafficOptions.From(arguments));
        arguments.RefuseUnread();
        var report = await new Sender(options, model).RunAsync(cancellationToken);
        foreach (var line in report.Lines())
        {
            Console.WriteLine(line);
        }

        return report.FailedEvents == 0 ? 0 : 1;
    }
}
