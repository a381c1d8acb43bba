using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;
using ProjectService = Perilune.Control.Projects;

namespace Perilune.Server.Features.Projects;

/// <summary>For how long the runs of a project are kept, and the forgetting of older ones: when that changes, at start, and every hour.</summary>
internal sealed partial class Retention(ProjectService projects, IRunStore store, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    /// <summary>Keeps runs for so many days from now on, or for good. Older ones are out of sight when this returns.</summary>
    public async Task<Outcome<Project>> KeepAsync(Guid project, int? days, CancellationToken cancellationToken)
    {
        var outcome = await projects.KeepAsync(project, days, cancellationToken);
        if (outcome.Succeeded)
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
        foreach (var project in projects.Forgetful())
        {
            await TryForgetAsync(project, cancellationToken);
        }
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

    private Task ForgetAsync(Project project, CancellationToken cancellationToken) => project.RetentionDays is { } days
        ? store.ForgetAsync(project.Id, Instant.From(time.GetUtcNow().AddDays(-days)), cancellationToken)
        : Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Old runs of {Project} could not be forgotten; this is tried again in {Every}: {Reason}")]
    private partial void LogPutOff(string project, TimeSpan every, string reason);
}
