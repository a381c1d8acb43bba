using CsCheck;
using Perilune.Model.Filtering;

namespace Perilune.Model.Tests.Filtering;

/// <summary>Arbitrary filters of every field, operator and awkward spelling.</summary>
internal static class FilterGen
{
    private static readonly Gen<string> Words = Gen.OneOf(
        Gen.OneOf("", "OR", "AND", "NOT", "-x", "a b", "a\"b", "\\", "\\*", "*", "a*", "**b", "(", ")", ":", "x:y", "a,b", ".", "a.b", "gpt-4.1", "ünï", "\ud83d\ude00", "\n", ">1", "has:x", "null", "5"),
        Gen.String[Gen.OneOf('a', 'B', '1', '.', '-', '*', '\\', '"', ' ', '(', ')', ':', ',', '=', '>', '~', '!', '_', 'é'), 0, 6]);

    private static readonly Gen<double> Numbers = Gen.OneOf(
        Gen.Int[-5, 5000].Select(i => (double)i), Gen.Double[-1e9, 1e9], Gen.OneOf(0.1, 1e-9, 1e300, 5e-324, 12.5));

    private static readonly Gen<Instant> Times = Gen.OneOf(
        Gen.Long[Instant.MinValue.Micros, Instant.MaxValue.Micros].Select(micros => new Instant(micros)),
        Gen.Int[0, 30000].Select(days => new Instant(days * 86_400_000_000L)));

    private static readonly Gen<FilterOperator> Order =
        Gen.OneOf(FilterOperator.Greater, FilterOperator.GreaterOrEqual, FilterOperator.Less, FilterOperator.LessOrEqual);

    private static readonly Gen<FilterOperator> OrderOrIs = Gen.OneOf(Order, Gen.Const(FilterOperator.Is));

    private static readonly Gen<Filter> Field = Gen.OneOf([.. FilterFields.All]).SelectMany(field =>
    {
        var path = field.Kind is FilterValueKind.Json ? Words.Select(path => (string?)path) : Gen.Const((string?)null);
        var text = Gen.Select(Gen.OneOf(FilterOperator.Is, FilterOperator.Contains), Words.Select(word => new FilterValue { Text = word }));
        var number = Gen.Select(OrderOrIs, Numbers.Select(number => new FilterValue { Number = number }));
        var comparison = field.Kind switch
        {
            FilterValueKind.Text or FilterValueKind.Payload => text,
            FilterValueKind.Status => Gen.OneOf([.. FilterFields.StatusWords]).Select(word => (FilterOperator.Is, new FilterValue { Text = word })),
            FilterValueKind.Pattern => Gen.OneOf("^a", "a+b", "order \\d+", "(x|y)", "*", "\"", ".*").Where(p => FilterPatterns.Find(p) is not null)
                .Select(pattern => (FilterOperator.Is, new FilterValue { Text = Wildcard.Escape(pattern) })),
            FilterValueKind.Time => Gen.Select(OrderOrIs, Times.Select(time => new FilterValue { Time = time })),
            FilterValueKind.Json => Gen.OneOf(text, number, Gen.Bool.Select(flag => (FilterOperator.Is, new FilterValue { Flag = flag }))),
            _ => number,
        };
        var compared = Gen.Select(path, comparison, (path, pair) => (Filter)new FieldFilter(field.Field, path, pair.Item1, pair.Item2));
        var exists = (field.Kind is FilterValueKind.Json ? Gen.OneOf(path, Gen.Const((string?)null)) : path)
            .Select(path => (Filter)new FieldFilter(field.Field, path, FilterOperator.Exists, default));
        return Gen.Frequency((5, compared), (1, exists));
    });

    private static readonly Gen<Filter> Leaf = Gen.Frequency(
        (6, Field), (2, Gen.Select(Words, Gen.Bool, (word, isPrefix) => (Filter)new TextFilter(word) { IsPrefix = isPrefix })), (1, Gen.OneOf(Filter.All, Filter.None)));

    public static readonly Gen<Filter> Any = Tree(3);

    private static Gen<Filter> Tree(int depth) => depth == 0
        ? Leaf
        : Gen.Frequency(
            (3, Leaf),
            (1, Tree(depth - 1).Select(item => (Filter)new NotFilter(item))),
            (2, Tree(depth - 1).List[0, 3].Select(items => (Filter)new AndFilter(items))),
            (2, Tree(depth - 1).List[0, 3].Select(items => (Filter)new OrFilter(items))));
}
