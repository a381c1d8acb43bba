using System.Runtime.InteropServices;
using Perilune.Load;
using Perilune.Load.Keeping;
using Perilune.Load.Querying;
using Perilune.Load.Sending;
using Perilune.Load.Suite;
using Perilune.Load.Traffic;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

try
{
    var arguments = new Arguments(args.Skip(1).ToList());
    switch (args.FirstOrDefault())
    {
        case "stats":
            StatsCommand.Run(arguments);
            return 0;
        case "send":
            return await SendCommand.RunAsync(arguments, stop.Token);
        case "query":
            return await QueryCommand.RunAsync(arguments, stop.Token);
        case "visit":
            return await VisitCommand.RunAsync(arguments, stop.Token);
        case "forget":
            return await ForgetCommand.RunAsync(arguments, stop.Token);
        case "move":
            return await MoveCommand.RunAsync(arguments, stop.Token);
        case "dictionary":
            return DictionaryCommand.Run(arguments);
        case "suite":
            return await SuiteCommand.RunAsync(arguments, stop.Token);
        case "fsync":
            Console.WriteLine(FsyncProbe.Measure(arguments.Text("folder") ?? Path.GetTempPath()).Describe("ms"));
            return 0;
        case "null":
            await NullServer.RunAsync(arguments, stop.Token);
            return 0;
        default:
            throw new UsageException("Name a command: stats, send, query, visit, forget, move, dictionary, null, fsync or suite.");
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
