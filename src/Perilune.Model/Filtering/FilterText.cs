using System.Globalization;
using System.Text;

namespace Perilune.Model.Filtering;

/// <summary>
/// Writes a filter in the language of <see cref="FilterParser"/>, in its one canonical form: parsing the text gives
/// the normalised filter back.
/// </summary>
public static class FilterText
{
    public static string Print(Filter filter)
    {
        var text = new StringBuilder();
        Write(text, filter.Normalize());
        return text.ToString();
    }

    private static void Write(StringBuilder text, Filter filter)
    {
        switch (filter)
        {
            case AndFilter all:
                Join(text, all.Items, " ");
                break;
            case OrFilter { Items: [] }:
                text.Append("-*");
                break;
            case OrFilter any when ListOf(any) is { } list:
                WriteList(text, list);
                break;
            case OrFilter any:
                Join(text, any.Items, " OR ");
                break;
            case NotFilter negation:
                text.Append('-');
                WriteOperand(text, negation.Item);
                break;
            case TextFilter words:
                text.Append(IsPlainWord(words.Text) ? words.Text : Quote(words.Text)).Append(words.IsPrefix ? "*" : "");
                break;
            case FieldFilter field:
                WriteList(text, [field]);
                break;
        }
    }

    private static void Join(StringBuilder text, IReadOnlyList<Filter> items, string separator)
    {
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : separator);
            WriteOperand(text, items[i]);
        }
    }

    private static void WriteOperand(StringBuilder text, Filter filter)
    {
        var grouped = filter is AndFilter { Items.Count: > 0 } || (filter is OrFilter { Items.Count: > 0 } any && ListOf(any) is null);
        text.Append(grouped ? "(" : "");
        Write(text, filter);
        text.Append(grouped ? ")" : "");
    }

    /// <summary>The alternatives of <c>field:a,b,c</c>, when that is what the filter is.</summary>
    private static List<FieldFilter>? ListOf(OrFilter any)
    {
        var fields = any.Items.OfType<FieldFilter>().ToList();
        return fields.Count == any.Items.Count && fields.TrueForAll(field =>
            field.Operator is FilterOperator.Is or FilterOperator.Contains &&
            field.Operator == fields[0].Operator && field.Field == fields[0].Field && string.Equals(field.Path, fields[0].Path, StringComparison.Ordinal))
            ? fields
            : null;
    }

    private static void WriteList(StringBuilder text, List<FieldFilter> fields)
    {
        var first = fields[0];
        var name = FilterFields.Of(first.Field).Name + first.Path switch
        {
            null => "",
            _ when first.Path.Length > 0 && first.Path.All(c => IsPlain(c) || c is '.' or '-') => "." + first.Path,
            _ => "." + Quote(first.Path),
        };
        if (first.Operator is FilterOperator.Exists)
        {
            text.Append("has:").Append(name);
            return;
        }

        text.Append(name).Append(first.Operator switch
        {
            FilterOperator.Greater => ">",
            FilterOperator.GreaterOrEqual => ">=",
            FilterOperator.Less => "<",
            FilterOperator.LessOrEqual => "<=",
            FilterOperator.Contains => "~",
            _ => ":",
        });
        text.AppendJoin(',', fields.Select(Value));
    }

    private static string Value(FieldFilter field) => field.Value switch
    {
        { Text: { } literal } when field.Operator is FilterOperator.Contains => Literal(literal),
        { Text: { } pattern } => string.Join('*', Wildcard.Parts(pattern) switch
        {
            [var only] => [Literal(only)],
            var parts => parts.Select(part => part.Length == 0 ? "" : Literal(part)),
        }),
        { Time: { } time } => Time(time, field.Operator),
        { Number: { } number } => number.ToString("R", CultureInfo.InvariantCulture) + (field.Field is FilterField.Duration ? "s" : ""),
        { Flag: { } flag } => flag ? "true" : "false",
        _ => "\"\"",
    };

    // Without a fraction of a second, a time means the whole second, minute or day it names.
    private static string Time(Instant time, FilterOperator op) =>
        op is FilterOperator.GreaterOrEqual or FilterOperator.Less && time.ToString() is var text && text.EndsWith("T00:00:00.000Z", StringComparison.Ordinal)
            ? text[..10]
            : time.ToString();

    private static string Literal(string text) =>
        text.Length > 0 && text[0] is not ':' && text.All(c => IsPlain(c) || c is '.' or '-' or '/' or '@' or ':') ? text : Quote(text);

    private static bool IsPlainWord(string text) =>
        text.All(IsPlain) && text is not (FilterParser.And or FilterParser.Or or FilterParser.Not);

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static string Quote(string text) =>
        "\"" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
