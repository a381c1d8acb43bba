using Microsoft.Extensions.Logging;
using PeriluneSdk.Delivery;

namespace PeriluneSdk.Hosting;

/// <summary>What is said once, as a client starts.</summary>
internal static partial class StartLog
{
    public static void Off(ILogger logger, PeriluneOptions options)
    {
        if (options.Enabled)
        {
            LogNoKey(logger);
        }
    }

    /// <summary>Null when none is wanted, or none can be had: an application must not fail to start for want of a folder.</summary>
    public static Spool? OpenSpool(ILogger logger, PeriluneOptions options)
    {
        if (options.SpoolDirectory is not { Length: > 0 } folder)
        {
            return null;
        }

        try
        {
            return new Spool(folder, options.MaxSpoolBytes, TimeProvider.System);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNoSpool(logger, folder, error.Message);
            return null;
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "Perilune records nothing: it has no key. Set PERILUNE_API_KEY to a key of the project, or Perilune:Enabled to false to silence this.")]
    private static partial void LogNoKey(ILogger logger);

    [LoggerMessage(11, LogLevel.Warning, "Perilune keeps what it cannot send in memory only: {Folder} cannot be used ({Why}). Make it writable, or set Perilune:SpoolDirectory to another folder.")]
    private static partial void LogNoSpool(ILogger logger, string folder, string why);
}
