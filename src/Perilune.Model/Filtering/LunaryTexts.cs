using System.Text.RegularExpressions;

namespace Perilune.Model.Filtering;

/// <summary>The checks of <see cref="LunaryQuery"/> on what runs say: <c>string</c>, <c>length</c> and <c>regex</c>.</summary>
internal static class LunaryTexts
{
    /// <summary><c>fields.type.sensitive.text</c>, as in <c>output.contains.false.sorry</c>.</summary>
    public static Filter Read(string value)
    {
        var parts = value.Split('.', 4);
        if (parts.Length < 4)
        {
            throw new FormatException($"\"{LunaryQuery.Decode(value)}\" is not complete. Send where, how, whether case matters, and the text, as in output.contains.false.sorry");
        }

        var (how, text) = (LunaryQuery.Decode(parts[1]), Regex.Escape(LunaryQuery.Decode(parts[3])));
        var anyCase = how.StartsWith('i') || LunaryQuery.Decode(parts[2]) is not "true";
        var (before, after, isNegated) = how switch
        {
            "contains" or "icontains" => ("", "", false),
            "notcontains" => ("", "", true),
            "startswith" or "istartswith" => ("^", "", false),
            "endswith" or "iendswith" => ("", "$", false),
            "equals" or "iequals" or "eq" => ("^", "$", false),
            _ => throw new FormatException($"\"{how}\" is not known. Use contains, startswith, endswith or equals."),
        };
        var filter = Matches(LunaryQuery.Decode(parts[0]), $"(?s{(anyCase ? "i" : "")}){before}{text}{after}");
        return isNegated ? new NotFilter(filter) : filter;
    }

    /// <summary><c>field.operator.characters</c>, as in <c>output.gt.100</c>.</summary>
    public static Filter ReadLength(string value)
    {
        var parts = value.Split('.', 2);
        if (parts.Length < 2)
        {
            throw new FormatException("Send where, an operator and a number, as in output.gt.100");
        }

        return Either(LunaryQuery.Decode(parts[0]), isInput => LunaryQuery.Comparison(isInput ? FilterField.InputLength : FilterField.OutputLength, parts[1], LunaryQuery.Number));
    }

    /// <summary><c>field.type.pattern</c> (type: contains, notcontains) or <c>field.pattern</c>.</summary>
    public static Filter ReadPattern(string value)
    {
        var parts = value.Split('.', 3);
        var type = parts.Length > 2 ? LunaryQuery.Decode(parts[1]) : "";
        var isTyped = type is "contains" or "notcontains" or "not-contains";
        var pattern = LunaryQuery.Decode(isTyped ? parts[2] : string.Join('.', parts[1..]));
        var filter = Matches(LunaryQuery.Decode(parts[0]), pattern);
        return isTyped && type != "contains" ? new NotFilter(filter) : filter;
    }

    private static Filter Matches(string where, string pattern) => FilterPatterns.Find(pattern) is null
        ? throw new FormatException($"\"{pattern}\" is not a regular expression that can be searched with. Use at most {FilterPatterns.MaxLength} characters, and neither lookarounds nor back references.")
        : Either(where, isInput => new FieldFilter(isInput ? FilterField.InputPattern : FilterField.OutputPattern, null, FilterOperator.Is, new() { Text = Wildcard.Escape(pattern) }));

    private static Filter Either(string where, Func<bool, Filter> filter) => where switch
    {
        "input" => filter(true),
        "output" => filter(false),
        "any" or "input,output" => new OrFilter([filter(true), filter(false)]),
        _ => throw new FormatException($"\"{where}\" is not known. Use input, output or any."),
    };
}
