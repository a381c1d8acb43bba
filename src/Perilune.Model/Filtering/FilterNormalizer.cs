using System.Globalization;

namespace Perilune.Model.Filtering;

/// <summary>Brings filters that are built differently but written the same to one form; the meaning stays.</summary>
public static class FilterNormalizer
{
    public static Filter Normalize(this Filter filter) => filter switch
    {
        AndFilter all => Combine(all.Items, neutral: Filter.All, decisive: Filter.None),
        OrFilter any => Combine(any.Items, neutral: Filter.None, decisive: Filter.All),
        NotFilter negation => Negate(negation.Item.Normalize()),
        TextFilter { Phrase.IsEmpty: true } => Filter.All,
        TextFilter { IsPrefix: true, Phrase.IsPrefix: false } words => words with { IsPrefix = false },
        FieldFilter field => Field(field),
        _ => filter,
    };

    private static Filter Combine(IReadOnlyList<Filter> items, Filter neutral, Filter decisive)
    {
        var flat = new List<Filter>(items.Count);
        foreach (var item in items.Select(Normalize))
        {
            if (item.Equals(decisive))
            {
                return decisive;
            }

            // Filter.All is the empty "and", Filter.None the empty "or": flattening drops the neutral one.
            switch (item)
            {
                case AndFilter all when neutral is AndFilter:
                    flat.AddRange(all.Items);
                    break;
                case OrFilter any when neutral is OrFilter:
                    flat.AddRange(any.Items);
                    break;
                default:
                    flat.Add(item);
                    break;
            }
        }

        return flat switch
        {
            [] => neutral,
            [var only] => only,
            _ => neutral is AndFilter ? new AndFilter(flat) : new OrFilter(flat),
        };
    }

    private static Filter Negate(Filter item) => item switch
    {
        NotFilter inner => inner.Item,
        AndFilter { Items: [] } => Filter.None,
        OrFilter { Items: [] } => Filter.All,
        _ => new NotFilter(item),
    };

    private static FieldFilter Field(FieldFilter field)
    {
        var exists = field with { Operator = FilterOperator.Exists, Value = default };
        var kind = FilterFields.Of(field.Field).Kind;
        return field.Operator switch
        {
            FilterOperator.Exists => exists,
            FilterOperator.Contains => string.IsNullOrEmpty(field.Value.Text) ? exists : field,
            FilterOperator.Is when kind is FilterValueKind.Json or FilterValueKind.Text or FilterValueKind.Payload =>
                Text(field.Value) switch
                {
                    null => field,
                    var text when Wildcard.IsAny(text) => exists,
                    var text when kind is FilterValueKind.Payload =>
                        Field(field with { Operator = FilterOperator.Contains, Value = new() { Text = Wildcard.Literal(text) ?? text.Trim('*') } }),
                    var text => field with { Value = new() { Text = Wildcard.Normalize(text) } },
                },
            FilterOperator.Is when kind is FilterValueKind.Status && field.Value.Text is { } word =>
                Wildcard.IsAny(word) ? exists : field with { Value = new() { Text = word.ToLowerInvariant() } },
            _ => field,
        };
    }

    private static string? Text(FilterValue value) => value switch
    {
        { Text: { } text } => text,
        { Number: { } number } => number.ToString("R", CultureInfo.InvariantCulture),
        { Flag: { } flag } => flag ? "true" : "false",
        _ => null,
    };
}
