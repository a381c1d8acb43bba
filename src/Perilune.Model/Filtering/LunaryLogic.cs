using System.Text.Json;

namespace Perilune.Model.Filtering;

/// <summary>
/// Reads filters as Lunary's saved views hold them: <c>["AND", {"id":"models","params":{"models":["gpt-5"]}}, ["OR", …]]</c>.
/// </summary>
public static class LunaryLogic
{
    private const int MaxDepth = 20;

    /// <exception cref="FormatException">It cannot be meant, or has a filter without a counterpart.</exception>
    public static Filter Read(JsonElement logic) => Read(logic, 0).Normalize();

    private static Filter Read(JsonElement node, int depth) => node.ValueKind switch
    {
        _ when depth > MaxDepth => throw new FormatException($"The filter is nested more than {MaxDepth} levels deep."),
        JsonValueKind.Array => Combine(node, depth),
        JsonValueKind.Object => Check(node),
        _ => throw new FormatException("A filter is an array such as [\"AND\", {\"id\":\"tags\",\"params\":{\"tags\":[\"x\"]}}]."),
    };

    private static Filter Combine(JsonElement node, int depth)
    {
        var items = node.EnumerateArray().ToList();
        var isOr = items is [{ ValueKind: JsonValueKind.String } word, ..] && word.GetString() is "OR";
        var filters = items.Skip(items is [{ ValueKind: JsonValueKind.String }, ..] ? 1 : 0).Select(item => Read(item, depth + 1)).ToList();
        return isOr && filters.Count > 0 ? new OrFilter(filters) : new AndFilter(filters);
    }

    /// <summary>As the check's query string, whose parameters stand in the order in which they are given.</summary>
    private static Filter Check(JsonElement node)
    {
        if (!node.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String)
        {
            throw new FormatException("A check needs an id, as in {\"id\":\"tags\",\"params\":{\"tags\":[\"x\"]}}.");
        }

        var name = id.GetString()!;
        var values = node.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Object
            ? given.EnumerateObject().Where(p => p.Value.ValueKind is not JsonValueKind.Null).Select(p => Value(p.Value)).ToList()
            : [];
        if (values.TrueForAll(value => value.Length == 0))
        {
            return Filter.All;
        }

        var read = LunaryQuery.Parse($"{Uri.EscapeDataString(name)}={string.Join('.', values)}");
        return read.Errors is [var error, ..] ? throw new FormatException($"{name}: {error.Message}")
            : read.Type switch
            {
                null => read.Filter!,
                "trace" or "thread" => Filter.All,
                var type => new FieldFilter(FilterField.Type, null, FilterOperator.Is, new() { Text = Wildcard.Escape(type) }),
            };
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(item => Encoded(Encoded(Text(item))))),
        _ => Encoded(Text(value)),
    };

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Encoded(string text) => Uri.EscapeDataString(text).Replace(".", "%2E", StringComparison.Ordinal);
}
