using Perilune.Server.Hosting;
using Perilune.Storage;

namespace Perilune.Server.Features.Usage;

/// <summary>Reads the ledgers of an organization's projects.</summary>
internal sealed class UsageReader(IRunStore store, Control.Projects projects, HostSettings settings, TimeProvider clock)
{
    /// <param name="account">Who asks.</param>
    /// <param name="project">One of the organization's.</param>
    /// <param name="month">Its first day; null for the current month.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<UsageMonth> ReadAsync(Guid account, Guid project, DateOnly? month, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var first = month ?? new DateOnly(now.Year, now.Month, 1);
        var organization = projects.OfAccount(account).First(o => o.Projects.Any(p => p.Id == project));
        var rows = new List<UsageRow>();
        foreach (var one in organization.Projects)
        {
            var days = await store.LedgerAsync(one.Id, first, first.AddMonths(1).AddDays(-1), cancellationToken);
            rows.AddRange(days.Select(day => new UsageRow(day.Day, one.Id, one.Name, day.Type, day.Runs)));
        }

        return new UsageMonth(first, now, organization.Name, rows, settings.MonthlyRuns);
    }
}
