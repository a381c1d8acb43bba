using Perilune.Model;

namespace Perilune.Storage.Oracle;

public sealed partial class OracleRunStore
{
    public Task<PricePreview> PreviewPricesAsync(Guid project, PriceSpan span, TimeSpan budget, CancellationToken cancellationToken)
    {
        var calls = Changes(project, span);
        var byModel = calls.GroupBy(call => call.Run.Name ?? "", StringComparer.Ordinal).ToDictionary(model => model.Key, model => Sum(model.Select(call => call.Change)), StringComparer.Ordinal);
        return Task.FromResult(PricePreview.Of(byModel, Sum(byModel.Values), lookedBackTo: null));
    }

    public Task<RepriceStep> RepriceAsync(Guid project, PriceSpan span, string? after, CancellationToken cancellationToken)
    {
        var calls = Changes(project, span);
        Project(project).Reprice(calls.Select(call => call.Run.Id));
        return Task.FromResult(new RepriceStep(Sum(calls.Select(call => call.Change)), Next: null));
    }

    private List<(Run Run, PriceChange Change)> Changes(Guid project, PriceSpan span)
    {
        var kept = Project(project);
        return [.. kept.World.Runs.Values
            .Where(run => RunTypes.IsModelCall(run.Type) && kept.Shows(run) && span.Includes(run.ListedAt))
            .Select(run => (run, PriceChange.Of(run.Cost, kept.Costs.Now(run.Id))))];
    }

    private static PriceChange Sum(IEnumerable<PriceChange> changes) => changes.Aggregate(default(PriceChange), (sum, change) => sum.Plus(change));
}
