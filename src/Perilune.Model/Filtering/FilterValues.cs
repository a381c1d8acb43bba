using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Perilune.Model.Filtering;

/// <summary>A value as typed.</summary>
/// <param name="Plain">Its characters, without quotes.</param>
/// <param name="Pattern">As a <see cref="Wildcard"/>: stars outside quotes stand for anything.</param>
internal readonly record struct WrittenValue(string Plain, string Pattern, int Position, int Length);

/// <summary>Reads values and turns them into comparisons of the field's kind.</summary>
internal sealed partial class FilterValues(FilterReader reader, Instant now)
{
    /// <summary>The comma-separated values after an operator; empty when they were unusable, which is reported.</summary>
    public List<WrittenValue> Read(string op)
    {
        var values = new List<WrittenValue>();
        do
        {
            if (values.Count > 0)
            {
                reader.Position++;
            }

            var (plain, pattern, start, quoted) = (new StringBuilder(), new StringBuilder(), reader.Position, false);
            while (!reader.AtEnd && !FilterReader.EndsTerm(reader.Current) && reader.Current != ',')
            {
                if (reader.Current == '"')
                {
                    var content = reader.Quoted();
                    plain.Append(content);
                    pattern.Append(Wildcard.Escape(content));
                    quoted = true;
                    continue;
                }

                plain.Append(reader.Current);
                pattern.Append(reader.Current == '\\' ? @"\\" : reader.Current);
                reader.Position++;
            }

            if (reader.Current == '(')
            {
                reader.Fail(reader.Position, 1, "A value cannot have a parenthesis.", "Write alternatives as field:a,b and put text with parentheses in quotes.");
                SkipTerm();
                return [];
            }

            if (plain.Length == 0 && !quoted)
            {
                reader.Fail(Math.Max(0, start - op.Length), op.Length, "A value is missing here.", "Write \"\" for the empty text, or has:field for any value.");
                SkipTerm();
                return [];
            }

            values.Add(new(plain.ToString(), pattern.ToString(), start, reader.Position - start));
        }
        while (reader.Current == ',');
        return values;
    }

    public Filter Is(FilterFieldInfo field, string? path, WrittenValue value) => field.Kind switch
    {
        _ when value.Plain.Length > 0 && Wildcard.IsAny(value.Pattern) => new FieldFilter(field.Field, path, FilterOperator.Exists, default),
        FilterValueKind.Text or FilterValueKind.Json => Comparison(field, path, FilterOperator.Is, new() { Text = value.Pattern }),
        FilterValueKind.Payload => Contains(field, path, value with { Plain = Wildcard.Literal(value.Pattern) ?? value.Plain.Trim('*') }),
        FilterValueKind.Pattern => Pattern(field, value),
        FilterValueKind.Status => Status(field, value),
        FilterValueKind.Time => Time(field, ":", value),
        _ => Number(field, value) is { } number ? Comparison(field, path, FilterOperator.Is, number) : Filter.All,
    };

    public Filter Contains(FilterFieldInfo field, string? path, WrittenValue value)
    {
        if (field.Kind is FilterValueKind.Text or FilterValueKind.Json or FilterValueKind.Payload)
        {
            return Comparison(field, path, FilterOperator.Contains, new() { Text = value.Plain });
        }

        reader.Fail(value.Position, value.Length, $"\"{field.Name}\" is not a text that could contain another.", $"For example: {field.Example}");
        return Filter.All;
    }

    public Filter Compare(FilterFieldInfo field, string? path, string op, WrittenValue value)
    {
        if (field.Kind is FilterValueKind.Text or FilterValueKind.Status or FilterValueKind.Payload or FilterValueKind.Pattern)
        {
            reader.Fail(value.Position, value.Length, $"\"{field.Name}\" cannot be compared with \"{op}\".", $"For example: {field.Example}");
            return Filter.All;
        }

        if (field.Kind is FilterValueKind.Time)
        {
            return Time(field, op, value);
        }

        return Number(field, value) is { } number ? Comparison(field, path, OperatorOf(op), number) : Filter.All;
    }

    private Filter Pattern(FilterFieldInfo field, WrittenValue value)
    {
        if (FilterPatterns.Find(value.Plain) is not null)
        {
            return Comparison(field, null, FilterOperator.Is, new() { Text = Wildcard.Escape(value.Plain) });
        }

        reader.Fail(value.Position, value.Length, "This is not a regular expression that can be searched with.",
            $"It may have {FilterPatterns.MaxLength} characters, and neither lookarounds nor back references. For example: {field.Example}");
        return Filter.All;
    }

    private Filter Status(FilterFieldInfo field, WrittenValue value)
    {
        var word = value.Plain.ToLowerInvariant() is "started" ? "running" : value.Plain.ToLowerInvariant();
        if (FilterFields.StatusWords.Contains(word, StringComparer.Ordinal))
        {
            return Comparison(field, null, FilterOperator.Is, new() { Text = word });
        }

        reader.Fail(value.Position, value.Length, $"There is no status \"{value.Plain}\"; there are {string.Join(", ", FilterFields.StatusWords)}.",
            Spelling.Nearest(value.Plain, FilterFields.StatusWords) is { } near ? $"Did you mean \"{near}\"?" : null);
        return Filter.All;
    }

    /// <summary>A date such as 2026-11-01 is the interval of that day, and comparisons are with the interval.</summary>
    private Filter Time(FilterFieldInfo field, string op, WrittenValue value)
    {
        if (FilterTimes.Parse(value.Plain, now) is not var (from, until))
        {
            var isDistance = value.Plain.Length > 0 && char.IsAsciiDigit(value.Plain[0]) && FilterTimes.Parse("-" + value.Plain, now) is not null;
            reader.Fail(value.Position, value.Length, $"\"{value.Plain}\" is not a time.", isDistance
                ? $"Did you mean \"-{value.Plain}\", which is that long ago?"
                : "For example: 2026-11-01, 2026-11-01T10:30, -24h, -7d, today, yesterday");
            return Filter.All;
        }

        Filter At(FilterOperator comparison, Instant time) => Comparison(field, null, comparison, new() { Time = time });

        return (op, until) switch
        {
            (">", { } end) => At(FilterOperator.GreaterOrEqual, end),
            ("<=", { } end) => At(FilterOperator.Less, end),
            (":", { } end) => new AndFilter([At(FilterOperator.GreaterOrEqual, from), At(FilterOperator.Less, end)]),
            (":", null) => At(FilterOperator.Is, from),
            _ => At(OperatorOf(op), from),
        };
    }

    private FilterValue? Number(FilterFieldInfo field, WrittenValue value)
    {
        var text = field.Kind is FilterValueKind.Money ? value.Plain.Replace("$", "", StringComparison.Ordinal) : value.Plain;
        var match = NumberWithUnit().Match(text);
        if (match.Success && double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
            double.IsFinite(number) && Factor(field.Kind, match.Groups["unit"].Value) is { } factor)
        {
            return new FilterValue { Number = Scale(match.Groups["number"].ValueSpan, number, factor) };
        }

        reader.Fail(value.Position, value.Length, $"\"{value.Plain}\" is not {Expected(field.Kind)}.", $"For example: {field.Example}");
        return null;
    }

    private static string Expected(FilterValueKind kind) => kind switch
    {
        FilterValueKind.Duration => "a duration in ms, s, m, h or d",
        FilterValueKind.Money => "an amount in USD",
        _ => "a number",
    };

    private static decimal? Factor(FilterValueKind kind, string unit) => (kind, unit) switch
    {
        (_, "") => 1,
        (FilterValueKind.Duration, "ms") => 0.001m,
        (FilterValueKind.Duration, "s") => 1,
        (FilterValueKind.Duration, "m" or "min") => 60,
        (FilterValueKind.Duration, "h") => 3600,
        (FilterValueKind.Duration, "d") => 86_400,
        (FilterValueKind.Count, "k" or "K") => 1000,
        (FilterValueKind.Count, "m" or "M") => 1_000_000,
        _ => null,
    };

    // In decimal, so that 1.1k is 1100 and not a neighbour of it.
    private static double Scale(ReadOnlySpan<char> text, double number, decimal factor) =>
        factor != 1 && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && Math.Abs(exact) < 1e20m
            ? (double)(exact * factor)
            : number * (double)factor;

    private static FilterOperator OperatorOf(string op) => op switch
    {
        ">" => FilterOperator.Greater,
        ">=" => FilterOperator.GreaterOrEqual,
        "<" => FilterOperator.Less,
        _ => FilterOperator.LessOrEqual,
    };

    private static FieldFilter Comparison(FilterFieldInfo field, string? path, FilterOperator op, FilterValue value) =>
        new(field.Field, path, op, value);

    private void SkipTerm()
    {
        while (!reader.AtEnd && !char.IsWhiteSpace(reader.Current))
        {
            reader.Position++;
        }
    }

    [GeneratedRegex(@"^(?<number>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)(?<unit>[a-zA-Z]*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NumberWithUnit();
}
