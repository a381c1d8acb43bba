using System.Globalization;
using System.Text.Json;

namespace Perilune.Model.Filtering;

/// <summary>What a Lunary query string asks for.</summary>
/// <param name="Filter">Everything but the type; null when there are errors.</param>
/// <param name="Type">The value of <c>type</c>, as sent: <c>llm</c>, <c>trace</c>, <c>thread</c> or any run type.</param>
public sealed record LunaryQueryResult(Filter? Filter, string? Type, IReadOnlyList<LunaryQueryError> Errors);

/// <param name="Parameter">The key in the query string.</param>
public sealed record LunaryQueryError(string Parameter, string Message);

/// <summary>
/// Reads the filters in the query strings of Lunary's dashboard and clients:
/// <c>type=llm&amp;models=gpt-4%252E1,o3&amp;cost=gt.0%2E5</c>. Parameters are positional and separated by dots (a dot of a
/// value is encoded), the values of lists are encoded twice, and <c>OR&amp;</c> in front means any instead of all. Keys that
/// are no filters (<c>limit</c>, <c>page</c>…) are left alone; filters that have no counterpart are errors.
/// </summary>
public static class LunaryQuery
{
    private const string OrPrefix = "OR&";

    /// <param name="query">As it stands in the URL, still encoded, with or without the question mark.</param>
    public static LunaryQueryResult Parse(string query)
    {
        query = query.TrimStart('?');
        var isOr = query.StartsWith(OrPrefix, StringComparison.Ordinal);
        string? type = null;
        var (items, errors) = (new List<Filter>(), new List<LunaryQueryError>());
        foreach (var pair in (isOr ? query[OrPrefix.Length..] : query).Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || pair[(equals + 1)..] is "" or "null" or "undefined")
            {
                continue;
            }

            var (key, value) = (Uri.UnescapeDataString(pair[..equals]), pair[(equals + 1)..].Replace('+', ' '));
            try
            {
                if (key is "type")
                {
                    type = Whole(value);
                }
                else if (Read(key, value) is { } filter)
                {
                    items.Add(filter);
                }
            }
            catch (FormatException exception)
            {
                errors.Add(new(key, exception.Message));
            }
        }

        Filter combined = isOr && items.Count > 0 ? new OrFilter(items) : new AndFilter(items);
        return new(errors.Count == 0 ? combined.Normalize() : null, type, errors);
    }

    private static Filter? Read(string key, string value) => key switch
    {
        "models" or "name" => AnyOf(List(value), model => Is(FilterField.Name, model)),
        "tools" => Named(RunTypes.Tool, value),
        "retrievers" => Named(RunTypes.Retriever, value),
        "custom-events" => new AndFilter([Is(FilterField.Type, RunTypes.CustomEvent), AnyOf(List(value), name => Is(FilterField.Name, name))]),
        "tags" => AnyOf(List(value), tag => Is(FilterField.Tag, tag)),
        "templates" => AnyOf(List(value), id => Is(FilterField.Template, id)),
        "status" => Whole(value) is var status && status is "success" or "error" or "started" or "filtered"
            ? Is(FilterField.Status, status is "started" ? "running" : status)
            : throw new FormatException($"The status \"{status}\" is not known. Use success, error, started or filtered."),
        "feedback" => AnyOf(List(value), Feedback),
        "users" => AnyOf(List(value), user => Is(FilterField.User, user)),
        "user-props" => Member(FilterField.UserProp, value),
        "metadata" => Member(FilterField.Metadata, value),
        "date" => Comparison(FilterField.Start, value, Time),
        "duration" => Comparison(FilterField.Duration, value, Number),
        "cost" => Comparison(FilterField.Cost, value, Number),
        "tokens" => Tokens(value),
        "messages" => Comparison(FilterField.Messages, value, Number),
        "search" => new TextFilter(Whole(value)) { IsPrefix = true },
        "string" => LunaryTexts.Read(value),
        "length" => LunaryTexts.ReadLength(value),
        "regex" => LunaryTexts.ReadPattern(value),

        // Nothing classifies runs here, so no run is of any class.
        "topics" or "languages" or "pii" or "intents" or "toxicity" or "sentiment" or "enrichment" => Filter.None,
        "json" or "assertion" or "tone" or "factualness" or "guidelines" or "similarity" or "rouge" =>
            throw new FormatException($"\"{key}\" judges an answer in an evaluation; it does not filter runs. Remove the parameter."),
        _ => null,
    };

    private static AndFilter Named(string type, string value) =>
        new([Is(FilterField.Type, type), new FieldFilter(FilterField.Name, null, FilterOperator.Contains, new() { Text = Whole(value) })]);

    private static FieldFilter Feedback(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.EnumerateObject().FirstOrDefault() is { Value.ValueKind: not JsonValueKind.Undefined } property)
            {
                return property.Value is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } wanted
                    ? Is(FilterField.Feedback, wanted, property.Name)
                    : new FieldFilter(FilterField.Feedback, property.Name, FilterOperator.Exists, default);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Reported like any other value that is no feedback.
        }

        throw new FormatException($"\"{json}\" is not a feedback. Send JSON such as {{\"thumb\":\"up\"}}.");
    }

    /// <summary><c>key.value</c>, or <c>key</c> alone for any value.</summary>
    private static FieldFilter Member(FilterField field, string value)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        return dot < 0
            ? new FieldFilter(field, Decode(value), FilterOperator.Exists, default)
            : Is(field, Decode(value[(dot + 1)..]), Decode(value[..dot]));
    }

    private static Filter Tokens(string value)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        var field = Decode(dot < 0 ? value : value[..dot]) switch
        {
            "total" => FilterField.Tokens,
            "prompt" => FilterField.InputTokens,
            "completion" => FilterField.OutputTokens,
            var other => throw new FormatException($"There are no \"{other}\" tokens. Use total, prompt or completion, as in tokens=total.gt.100"),
        };
        return Comparison(field, dot < 0 ? "" : value[(dot + 1)..], Number);
    }

    internal static Filter Comparison(FilterField field, string value, Func<string, FilterValue> read)
    {
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            throw new FormatException($"\"{Decode(value)}\" has no value. Send an operator, a dot and a value, as in gt.5");
        }

        var wanted = read(Decode(value[(dot + 1)..]));
        FieldFilter With(FilterOperator op) => new(field, null, op, wanted);
        return Decode(value[..dot]) switch
        {
            "eq" => With(FilterOperator.Is),
            "neq" => new NotFilter(With(FilterOperator.Is)),
            "gt" => With(FilterOperator.Greater),
            "gte" => With(FilterOperator.GreaterOrEqual),
            "lt" => With(FilterOperator.Less),
            "lte" => With(FilterOperator.LessOrEqual),
            var other => throw new FormatException($"The operator \"{other}\" is not known. Use eq, neq, gt, gte, lt or lte."),
        };
    }

    internal static FilterValue Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new() { Number = number }
            : throw new FormatException($"\"{text}\" is not a number.");

    private static FilterValue Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new() { Time = Instant.From(time) }
            : throw new FormatException($"\"{text}\" is not a time. Send ISO 8601, as in 2026-11-24T10:00:00Z");

    private static FieldFilter Is(FilterField field, string literal, string? path = null) =>
        new(field, path, FilterOperator.Is, new() { Text = Wildcard.Escape(literal) });

    private static OrFilter AnyOf(IEnumerable<string> values, Func<string, Filter> filter) => new([.. values.Select(filter)]);

    // Some clients encode the separating commas as well; those inside values are encoded twice.
    private static IEnumerable<string> List(string value) =>
        value.Replace("%2C", ",", StringComparison.OrdinalIgnoreCase).Split(',').Select(item => Decode(Decode(item)));

    private static string Whole(string value) => Decode(value);

    internal static string Decode(string value) => Uri.UnescapeDataString(value);
}
