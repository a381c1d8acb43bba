using Microsoft.AspNetCore.Connections;
using Perilune.Control;

namespace Perilune.Server.Hosting;

internal static class Startup
{
    /// <summary>Runs the program for its exit code; what an operator can mend is printed plainly and ends it with exit code 1.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            foreach (var detail in e.Details)
            {
                await Console.Error.WriteLineAsync($"  - {detail}");
            }
        }
        catch (Exception e) when (e is ControlStartException or ControlUnavailableException)
        {
            await Console.Error.WriteLineAsync($"Perilune cannot start: {e.Message}");
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"Perilune cannot start: {e.Message} Stop the program that listens there, or set PERILUNE_URLS to another address.");
        }

        return 1;
    }
}
