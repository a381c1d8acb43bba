using Perilune.Storage.Sqlite.Read;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

public sealed partial class SqliteRunStore
{
    private const int BytesOfReprice = 2_048;

    public Task<PricePreview> PreviewPricesAsync(Guid project, PriceSpan span, TimeSpan budget, CancellationToken cancellationToken) =>
        ReadAsync(project, new PricePreview(default, [], null), runs => RepriceScan.Preview(runs, span, _prices.For(project), budget), cancellationToken);

    public async Task<RepriceStep> RepriceAsync(Guid project, PriceSpan span, string? after, CancellationToken cancellationToken)
    {
        if (after is null && Directory.Exists(Folder(project)))
        {
            // What is being written at other prices is to be found.
            await WriteAsync(Runs(project), new PendingWork(_ => { }, 1));
        }

        var found = await ReadAsync(project, new FoundCalls("", [], 0, null), runs => RepriceScan.Next(runs, span, _prices.For(project), after), cancellationToken);
        var changed = default(PriceChange);
        if (found.Ids.Count > 0)
        {
            await WriteAsync(Runs(project), new PendingWork(writer => changed = writer.Reprice(found.FileName, found.Ids), found.Ids.Count * BytesOfReprice));
        }

        return new RepriceStep(changed with { Calls = found.Seen }, found.Next);
    }
}
