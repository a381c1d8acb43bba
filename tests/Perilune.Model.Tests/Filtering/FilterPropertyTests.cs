using CsCheck;
using Perilune.Model.Filtering;

namespace Perilune.Model.Tests.Filtering;

public sealed class FilterPropertyTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Printed_text_parses_to_the_normalised_filter() => FilterGen.Any.Sample(
        filter =>
        {
            var text = FilterText.Print(filter);
            var parsed = FilterParser.Parse(text, Now);
            Assert.True(parsed.IsValid, $"{text}\n{string.Join('\n', parsed.Errors)}");
            Assert.True(filter.Normalize().Equals(parsed.Filter), $"{text}\n{filter.Normalize()}\n{parsed.Filter}");
        },
        iter: 20_000);

    [Fact]
    public void Normalising_twice_changes_nothing() =>
        FilterGen.Any.Sample(filter => filter.Normalize().Equals(filter.Normalize().Normalize()));

    [Fact]
    public void Normalising_keeps_the_meaning() => Gen.Select(FilterGen.Any, RunGen.Any).Sample(
        (filter, run) => FilterMatcher.Matches(filter, run) == FilterMatcher.Matches(filter.Normalize(), run), iter: 20_000);

    [Fact]
    public void Any_text_is_a_filter_or_has_errors_inside_it() =>
        Gen.String[Gen.Frequency((8, Gen.OneOf([.. "ab:*\"()-,<>=~.\\ OR"])), (1, Gen.Char)), 0, 40].Sample(
            text =>
            {
                var parsed = FilterParser.Parse(text, Now);
                Assert.Equal(parsed.IsValid, parsed.Errors.Count == 0);
                Assert.All(parsed.Errors, error =>
                {
                    Assert.InRange(error.Position, 0, text.Length);
                    Assert.InRange(error.Position + error.Length, error.Position, text.Length);
                });
            },
            iter: 20_000);

    [Fact]
    public void Any_query_string_is_read_without_exceptions() =>
        Gen.Select(
            Gen.OneOf("type", "models", "tags", "feedback", "date", "cost", "tokens", "metadata", "search", "OR", "limit", "status"),
            Gen.String[Gen.OneOf([.. "gt.5%2E,{}\":&=ab+%25"]), 0, 20])
            .Sample((key, value) => LunaryQuery.Parse($"OR&{key}={value}") is not null);
}
