using System.Diagnostics;
using Perilune.Model;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Periods;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>Calls of one file whose cost is not what the prices give.</summary>
/// <param name="Seen">Calls that were looked at, in this file and those before it.</param>
/// <param name="Next">Where to go on; null when all were looked at.</param>
internal sealed record FoundCalls(string FileName, IReadOnlyList<RunId> Ids, long Seen, string? Next);

/// <summary>Looks for calls with another cost than the prices give, in steps that hold a reader for a moment only.</summary>
internal static class RepriceScan
{
    private const int MostCalls = 4_000;
    private const int MostFound = 150;
    private const int MostModels = 1_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The next calls after a place, older files before newer ones: what moves between files moves to a newer one, and is
    /// met there.
    /// </summary>
    public static FoundCalls Next(ProjectReader project, PriceSpan span, PriceBook prices, string? after)
    {
        var (start, last) = Parse(after);
        var seen = 0L;
        var files = project.Files.Reverse().Where(file => start is null || file.Period >= start).ToList();
        foreach (var (i, file) in files.Index())
        {
            var ids = new List<RunId>();
            var clock = Stopwatch.StartNew();
            var (low, high) = Bounds(span, project.Since);
            low = file.Period == start && last is { } at && at.CompareTo(low) > 0 ? at : low;
            var stopped = project.Ask<RunPosition?>(file, null, reader =>
            {
                foreach (var (inFile, call) in CallRows.Between(reader, low, high, newestFirst: false).Index())
                {
                    seen++;
                    if (call.Cost != call.Call?.CostBy(prices))
                    {
                        ids.Add(call.At.Id);
                    }

                    if (inFile >= MostCalls || ids.Count >= MostFound || clock.Elapsed > s_longest)
                    {
                        return call.At;
                    }
                }

                return null;
            });
            if (stopped is { } place)
            {
                return new FoundCalls(file.Period.FileName, ids, seen, $"{file.Period.FileName}|{place.ToCursor()}");
            }

            if (ids.Count > 0)
            {
                return new FoundCalls(file.Period.FileName, ids, seen, i + 1 < files.Count ? $"{files[i + 1].Period.FileName}|" : null);
            }
        }

        return new FoundCalls("", [], seen, null);
    }

    /// <summary>What the prices change, the newest calls first, until the time is up.</summary>
    public static PricePreview Preview(ProjectReader project, PriceSpan span, PriceBook prices, TimeSpan budget)
    {
        var clock = Stopwatch.StartNew();
        var models = new Dictionary<string, PriceChange>(StringComparer.Ordinal);
        var total = default(PriceChange);
        foreach (var file in project.Files)
        {
            var (low, high) = Bounds(span, project.Since);
            for (RunPosition? more = high; more is { } from;)
            {
                more = project.Ask<RunPosition?>(file, null, reader => Some(reader, low, from));
                if (more is { } place && clock.Elapsed > budget)
                {
                    return PricePreview.Of(models, total, new Instant(place.Value));
                }
            }
        }

        return PricePreview.Of(models, total, lookedBackTo: null);

        RunPosition? Some(RunFileReader reader, RunPosition low, RunPosition high)
        {
            var turn = Stopwatch.StartNew();
            foreach (var call in CallRows.Between(reader, low, high, newestFirst: true))
            {
                var change = PriceChange.Of(call.Cost, call.Call?.CostBy(prices));
                total = total.Plus(change);
                var model = call.Call?.Name ?? "";
                if (models.Count < MostModels || models.ContainsKey(model))
                {
                    models[model] = models.GetValueOrDefault(model).Plus(change);
                }

                if (turn.Elapsed > s_longest)
                {
                    return call.At;
                }
            }

            return null;
        }
    }

    private static (RunPosition Low, RunPosition High) Bounds(PriceSpan span, Instant since) =>
        (CallRows.Before(Instant.Max(span.From ?? Instant.MinValue, since)), new RunPosition((span.To ?? Instant.MaxValue).Micros, RunId.None));

    private static (Period? File, RunPosition? Place) Parse(string? after) =>
        after?.Split('|') is [var name, var cursor] && Period.TryParse(name, out var period)
            ? (period, RunPosition.TryParseCursor(cursor, out var place) ? place : null)
            : (null, null);
}
