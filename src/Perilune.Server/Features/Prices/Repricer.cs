using System.Threading.Channels;
using Perilune.Control;
using Perilune.Model.Pricing;
using Perilune.Storage;

namespace Perilune.Server.Features.Prices;

/// <summary>
/// Gives calls that are there the cost of today's prices, where somebody asked for that: in small steps between what
/// comes in, and on after a restart.
/// </summary>
internal sealed partial class Repricer(Repricings repricings, PricesReader reader, IRunStore store, IProjectPrices prices, TimeProvider time, ILogger<Repricer> logger) : BackgroundService
{
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has calls priced anew from now on; <see cref="Repricings"/> tells how far that is.</summary>
    public async Task<Outcome<Repricing>> StartAsync(Guid project, PriceSpan span, CancellationToken cancellationToken)
    {
        var expected = await reader.CallsAsync(project, span, cancellationToken);
        var outcome = await repricings.StartAsync(project, span.From, span.To, expected, cancellationToken);
        _wake.Writer.TryWrite(true);
        return outcome;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (!await TakeTurnsAsync(stoppingToken))
                {
                    await _wake.Reader.ReadAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not noted is done again at the next start.
        }
    }

    /// <summary>A turn for each project that waits. False when there is none.</summary>
    private async Task<bool> TakeTurnsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var running = await repricings.RunningAsync(cancellationToken);
            foreach (var repricing in running)
            {
                await TryTurnAsync(repricing, cancellationToken);
            }

            return running.Count > 0;
        }
        catch (ControlUnavailableException e)
        {
            LogPutOff("any project", s_patience, e.Message);
            await Task.Delay(s_patience, time, cancellationToken);
            return true;
        }
    }

    private async Task TryTurnAsync(Repricing repricing, CancellationToken cancellationToken)
    {
        try
        {
            await TurnAsync(repricing, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            LogPutOff(repricing.Project.ToString(), s_patience, e.Message);
            await Task.Delay(s_patience, time, cancellationToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ControlUnavailableException))
        {
            LogFailed(repricing.Project, e);
            await repricings.FailAsync(repricing, $"An error that the server's log tells about: {e.Message}", cancellationToken);
        }
    }

    private async Task TurnAsync(Repricing repricing, CancellationToken cancellationToken)
    {
        var (progress, isDone, began) = (repricing.Progress, false, time.GetTimestamp());
        while (!isDone && time.GetElapsedTime(began) < s_turn)
        {
            var (stamp, step) = (prices.For(repricing.Project).Stamp, time.GetTimestamp());

            // Other prices than those it began with: everything is to be looked at again.
            progress = stamp == progress.Stamp ? progress : new RepricingProgress(stamp, null, 0, 0, 0, 0);
            var (change, next) = await store.RepriceAsync(repricing.Project, new PriceSpan(repricing.From, repricing.To), progress.Cursor, cancellationToken);
            progress = new RepricingProgress(
                stamp,
                next,
                progress.Calls + change.Calls,
                progress.Changed + change.Changed,
                progress.Before + (decimal)change.Before,
                progress.After + (decimal)change.After);
            isDone = next is null && prices.For(repricing.Project).Stamp == stamp;

            // As long again for everything else that the machine has to do.
            await Task.Delay(isDone ? TimeSpan.Zero : time.GetElapsedTime(step), time, cancellationToken);
        }

        await repricings.ProgressAsync(repricing, progress, isDone, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Calls of {Project} could not be priced anew; this is tried again in {After}: {Reason}")]
    private partial void LogPutOff(string project, TimeSpan after, string reason);

    [LoggerMessage(LogLevel.Error, "Calls of {Project} cannot be priced anew; this was given up.")]
    private partial void LogFailed(Guid project, Exception error);
}
