using Microsoft.Extensions.Logging;

namespace PeriluneSdk.Delivery;

/// <summary>One line when delivery stops, one when it works again, and one a minute about what was lost.</summary>
internal sealed partial class DeliveryLog(ILogger logger, Uri url, TimeProvider time)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    private DateTimeOffset _failingSince;
    private DateTimeOffset _lossTold;
    private long _lossCounted;
    private DateTimeOffset _refusedTold;
    private long _refusedUntold;
    private volatile string? _reason;

    /// <summary>Why nothing can be delivered; null while it can.</summary>
    public string? Reason => _reason;

    public void Failing(string reason, int waiting)
    {
        if (_reason is null)
        {
            _failingSince = time.GetUtcNow();
            LogFailing(logger, url, reason, waiting);
        }
        else if (!string.Equals(_reason, reason, StringComparison.Ordinal))
        {
            LogStillFailing(logger, url, reason);
        }

        _reason = reason;
    }

    public void Working()
    {
        if (_reason is not null)
        {
            _reason = null;
            LogWorking(logger, url, (long)(time.GetUtcNow() - _failingSince).TotalSeconds);
        }
    }

    public void Lost(long inAll, string why)
    {
        var now = time.GetUtcNow();
        if (inAll > _lossCounted && now - _lossTold >= s_quiet)
        {
            LogLost(logger, inAll - _lossCounted, why);
            (_lossCounted, _lossTold) = (inAll, now);
        }
    }

    public void Refused(long count, string reason)
    {
        _refusedUntold += count;
        var now = time.GetUtcNow();
        if (now - _refusedTold >= s_quiet)
        {
            LogRefused(logger, _refusedUntold, reason);
            (_refusedUntold, _refusedTold) = (0, now);
        }
    }

    public void LostAtEnd(long count, string why) => LogLost(logger, count, why);

    public void Unwritable(Exception error) => LogUnwritable(logger, error);

    public void Broken(Exception error) => LogBroken(logger, error);

    [LoggerMessage(1, LogLevel.Warning, "Nothing can be delivered to {Url}: {Reason} {Waiting} spans and events wait, and are sent when that is mended.")]
    private static partial void LogFailing(ILogger logger, Uri url, string reason, int waiting);

    [LoggerMessage(2, LogLevel.Warning, "Still nothing can be delivered to {Url}: {Reason}")]
    private static partial void LogStillFailing(ILogger logger, Uri url, string reason);

    [LoggerMessage(3, LogLevel.Information, "Delivering to {Url} again, after {Seconds} s.")]
    private static partial void LogWorking(ILogger logger, Uri url, long seconds);

    [LoggerMessage(4, LogLevel.Warning, "Lost {Count} spans and events: {Why}")]
    private static partial void LogLost(ILogger logger, long count, string why);

    [LoggerMessage(5, LogLevel.Error, "Delivery failed in a way that it should not; it goes on.")]
    private static partial void LogBroken(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Warning, "The server refused {Count} spans and events, the last because: {Reason}")]
    private static partial void LogRefused(ILogger logger, long count, string reason);

    [LoggerMessage(7, LogLevel.Warning, "A span or event could not be written and is left out.")]
    private static partial void LogUnwritable(ILogger logger, Exception error);
}
