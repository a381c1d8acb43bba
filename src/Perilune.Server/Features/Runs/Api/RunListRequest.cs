using System.Globalization;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>What the query string of a list asks for. Reading returns null when it cannot be meant; <see cref="Failure"/> says why.</summary>
internal sealed class RunListRequest(HttpRequest request, Guid project, Instant now)
{
    private const int MaxLimit = 1000;
    private const int MaxOffset = 100_000;

    public int Page { get; private set; }

    /// <summary>Whether the reply should say how many runs match in all, which for a filter can take longer than its page.</summary>
    public bool WantsTotal { get; private set; }

    public IResult? Failure { get; private set; }

    public RunQuery? ReadList()
    {
        if (ReadMatch() is not var (scope, filter) ||
            Number("limit", fallback: 50, min: 1, max: MaxLimit, "") is not { } limit ||
            Number("page", fallback: 0, min: 0, max: MaxOffset / limit, " To go further, follow the \"cursor\" of each page.") is not { } page ||
            OneOf("sortField", "createdAt", ("createdAt", RunSort.Start), ("duration", RunSort.Duration), ("tokens", RunSort.Tokens), ("cost", RunSort.Cost)) is not { } sort ||
            OneOf("sortDirection", "desc", ("desc", false), ("asc", true)) is not { } ascending ||
            OneOf("total", "true", ("true", true), ("false", false)) is not { } total ||
            OneOf("detail", "full", ("full", RunDetail.Full), ("preview", RunDetail.Preview)) is not { } detail)
        {
            return null;
        }

        var cursor = Single("cursor", out var given);
        if (!given)
        {
            return null;
        }

        if (cursor is not null && (page > 0 || !RunQuery.IsCursor(cursor)))
        {
            return Fail<RunQuery>("cursor", page > 0 ? "cannot be combined with page. Send one of them." : "is not one. Send the \"cursor\" of the page before, unchanged.");
        }

        Page = page;
        WantsTotal = total;
        return new() { Scope = scope, Filter = filter, Sort = sort, Ascending = ascending, Limit = limit, Offset = page * limit, After = cursor, Detail = detail };
    }

    /// <param name="ignored">A parameter that means something else on the route.</param>
    public (RunScope Scope, Filter Filter)? ReadMatch(string? ignored = null)
    {
        var pairs = (request.QueryString.Value ?? "").TrimStart('?').Split('&').Where(pair => ignored is null || !pair.StartsWith(ignored + "=", StringComparison.Ordinal));
        var lunary = LunaryQuery.Parse(string.Join('&', pairs));
        if (lunary.Filter is null)
        {
            Failure = ApiError.BadRequest(lunary.Errors[0].Parameter, lunary.Errors[0].Message);
            return null;
        }

        var scope = lunary.Type switch
        {
            "llm" => RunScope.Llm,
            "trace" => RunScope.Traces,
            "thread" => RunScope.Threads,
            _ => RunScope.All,
        };
        var items = new List<Filter> { lunary.Filter };
        if (scope is RunScope.All && lunary.Type is { } type)
        {
            items.Add(Is(FilterField.Type, type));
        }

        var parent = Single("parentRunId", out var given);
        if (!given || !AddTextFilters(items))
        {
            return null;
        }

        if (parent is { Length: > 0 })
        {
            items.Add(new OrFilter([.. RunLookup.Forms(parent, project).Select(form => Is(FilterField.Parent, form.ToString()))]));
        }

        return (scope, new AndFilter(items).Normalize());
    }

    /// <summary>A whole number within the bounds; null when it cannot be meant.</summary>
    public int? ReadNumber(string name, int fallback, int min, int max) => Number(name, fallback, min, max, "");

    /// <summary>One of the words; null when it is none of them.</summary>
    public T? ReadChoice<T>(string name, string fallback, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct => OneOf(name, fallback, choices);

    private bool AddTextFilters(List<Filter> items)
    {
        foreach (var text in request.Query["filter"])
        {
            var parsed = FilterParser.Parse(text ?? "", now);
            if (!parsed.IsValid)
            {
                var first = parsed.Errors[0];
                Failure = ApiError.Of(
                    StatusCodes.Status400BadRequest,
                    string.Create(CultureInfo.InvariantCulture, $"filter: {first} (at position {first.Position})"),
                    new("parameter", "filter"),
                    new("errors", parsed.Errors));
                return false;
            }

            items.Add(parsed.Filter);
        }

        return true;
    }

    private int? Number(string name, int fallback, int min, int max, string hint)
    {
        var text = Single(name, out var given);
        return !given ? null
            : text is null or "" ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
            : Fail<int?>(name, string.Create(CultureInfo.InvariantCulture, $"\"{text}\" is not a whole number from {min} to {max}.{hint}"));
    }

    private T? OneOf<T>(string name, string fallback, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        var text = Single(name, out var given);
        if (!given)
        {
            return null;
        }

        var wanted = string.IsNullOrEmpty(text) ? fallback : text;
        foreach (var (word, value) in choices)
        {
            if (word.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var words = new List<string>();
        foreach (var (word, _) in choices)
        {
            words.Add(word);
        }

        return Fail<T?>(name, $"\"{text}\" is not known. Use {string.Join(" or ", words)}.");
    }

    private string? Single(string name, out bool ok)
    {
        var values = request.Query[name];
        ok = values.Count <= 1;
        return ok ? values.ToString() is { Length: > 0 } text ? text : null : Fail<string>(name, "is given more than once. Send it once.");
    }

    private T? Fail<T>(string parameter, string message)
    {
        Failure = ApiError.BadRequest(parameter, message);
        return default;
    }

    private static FieldFilter Is(FilterField field, string literal) =>
        new(field, null, FilterOperator.Is, new() { Text = Wildcard.Escape(literal) });
}
