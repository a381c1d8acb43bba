using Microsoft.Extensions.Logging;

namespace PeriluneSdk.Chat;

internal static partial class ChatLog
{
    public static void Misplaced(ILoggerFactory? loggers)
    {
        if (loggers?.CreateLogger("Perilune") is { } logger)
        {
            LogMisplaced(logger);
        }
    }

    [LoggerMessage(30, LogLevel.Warning, "UsePerilune() stands before UseFunctionInvocation(): several calls of the model become one run. Write UseFunctionInvocation().UsePerilune().")]
    private static partial void LogMisplaced(ILogger logger);
}
