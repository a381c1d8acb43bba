using Microsoft.Extensions.Logging;

namespace PeriluneSdk.AspNetCore;

internal static partial class ContextLog
{
    [LoggerMessage(40, LogLevel.Warning, "A function given to UsePeriluneContext() failed; the request goes on without what it would have said.")]
    public static partial void Failed(ILogger logger, Exception error);
}
