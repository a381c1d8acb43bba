using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Hosting;
using Perilune.Storage;
using ProjectService = Perilune.Control.Projects;

namespace Perilune.Server.Features.Projects;

/// <summary>For how long the runs of a project are kept, and the forgetting of older ones: when that changes, at start, and every hour.</summary>
internal sealed partial class Retention(ProjectService projects, IRunStore store, ClockWatch clock, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    /// <summary>Keeps runs for so many days from now on, or for good. Older ones are out of sight when this returns, unless the clock is in doubt.</summary>
    public async Task<Outcome<Project>> KeepAsync(Guid project, int? days, CancellationToken cancellationToken)
    {
        var outcome = await projects.KeepAsync(project, days, cancellationToken);
        if (outcome is { Succeeded: true, Value.RetentionDays: not null } && IsTimeToForget())
        {
            await ForgetAsync(outcome.Value, cancellationToken);
        }

        return outcome;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            do
            {
                await ForgetAllAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that fails to start ends its services without a word; this one has none to say either.
        }
    }

    private async Task ForgetAllAsync(CancellationToken cancellationToken)
    {
        var forgetful = projects.Forgetful();
        if (forgetful.Count == 0 || !IsTimeToForget())
        {
            return;
        }

        foreach (var project in forgetful)
        {
            await TryForgetAsync(project, cancellationToken);
        }
    }

    private bool IsTimeToForget()
    {
        var isTrusted = clock.IsTrusted();
        if (!isTrusted)
        {
            LogDoubt(time.GetUtcNow(), ClockWatch.Doubt);
        }

        return isTrusted;
    }

    // A project whose files are in trouble must not keep what the others want gone.
    private async Task TryForgetAsync(Project project, CancellationToken cancellationToken)
    {
        try
        {
            await ForgetAsync(project, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            LogPutOff(project.Name, s_every, e.Message);
        }
    }

    private Task ForgetAsync(Project project, CancellationToken cancellationToken) =>
        store.ForgetAsync(project.Id, Instant.From(time.GetUtcNow().AddDays(-project.RetentionDays!.Value)), cancellationToken);

    [LoggerMessage(LogLevel.Warning, "The clock leapt ahead to {Now:u}. No runs are forgotten by their age until it has gone on from there for {Doubt}; set it right if it is wrong.")]
    private partial void LogDoubt(DateTimeOffset now, TimeSpan doubt);

    [LoggerMessage(LogLevel.Warning, "Old runs of {Project} could not be forgotten; this is tried again in {Every}: {Reason}")]
    private partial void LogPutOff(string project, TimeSpan every, string reason);
}
