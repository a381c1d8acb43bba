using Microsoft.AspNetCore.WebUtilities;
using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;
using Perilune.Server.Features.Runs;

namespace Perilune.Server.Features.Analytics;

/// <summary>Addresses of the page itself, and of the runs that a number on it is made of.</summary>
internal static class AnalyticsLinks
{
    public static string Page(AnalyticsView view)
    {
        var path = $"projects/{view.Project}/analytics";
        foreach (var (name, value) in new[]
        {
            ("range", view.Range), ("from", view.From), ("to", view.To), ("by", view.Step), ("tz", view.Zone), ("q", view.Query), ("sort", view.Sort == "runs" ? null : view.Sort),
            ("models", view.ModelSort == "runs" ? null : view.ModelSort), ("dir", view.IsModelSortAscending ? "asc" : null),
        })
        {
            path = string.IsNullOrEmpty(value) ? path : QueryHelpers.AddQueryString(path, name, value);
        }

        return path;
    }

    /// <summary>The runs of a span of time that match all of these.</summary>
    public static string Runs(AnalyticsView view, string scope, Instant from, Instant to, params IEnumerable<Filter> filters)
    {
        var all = new AndFilter([.. filters, Start(FilterOperator.GreaterOrEqual, from), Start(FilterOperator.Less, to)]).Normalize();
        return RunLinks.List(view.Project, scope, FilterText.Print(all));
    }

    public static Filter Is(FilterField field, string value) => new FieldFilter(field, null, FilterOperator.Is, new FilterValue { Text = Wildcard.Escape(value) });

    /// <summary>Each call once, as it is counted.</summary>
    public static readonly Filter NoRepeat = new NotFilter(new FieldFilter(FilterField.Repeat, null, FilterOperator.Exists, default));

    public static Filter Thumb(string thumb) => new FieldFilter(FilterField.Feedback, "thumb", FilterOperator.Is, new FilterValue { Text = thumb });

    private static FieldFilter Start(FilterOperator op, Instant time) => new(FilterField.Start, null, op, new FilterValue { Time = time });
}
