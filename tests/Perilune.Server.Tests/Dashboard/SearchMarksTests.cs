using Perilune.Model;
using Perilune.Server.Ui;

namespace Perilune.Server.Tests.Dashboard;

public sealed class SearchMarksTests
{
    [Theory]
    [InlineData("refund", "A Refund, refunds, REFUND", "A [Refund], refunds, [REFUND]")]
    [InlineData("refund*", "A refund, refunds", "A [refund], [refunds]")]
    [InlineData("\"white glove\"", "white-glove and White   Glove", "[white-glove] and [White   Glove]")]
    [InlineData("glove OR \"white glove\"", "white-glove", "[white-glove]")]
    [InlineData("a (b OR -c) type:llm", "a b c", "[a] [b] c")]
    [InlineData("input~fun", "refunded", "re[fun]ded")]
    [InlineData("caf\u00e9", "CAFE\u0301 <b>", "[CAFE\u0301] <b>")]
    [InlineData("type:llm", "llm", "llm")]
    [InlineData("modle:x", "x", "x")]
    public void Marks_what_the_filter_looks_for(string searched, string text, string expected) =>
        Assert.Equal(expected, string.Concat(Marks(searched).Split(text).Select(piece => piece.IsMarked ? $"[{piece.Text}]" : piece.Text)));

    [Fact]
    public void Is_handed_on_in_an_address_without_the_rest_of_the_filter()
    {
        Assert.Equal("\"white glove\" refund*", Marks("type:llm \"white glove\" (refund* OR user:ann)").Query);
        Assert.Equal("", Marks("type:llm").Query);
    }

    [Fact]
    public void A_text_of_nothing_else_has_a_hundred_marks() =>
        Assert.Equal((100, 100_000), Marks("a").Split(string.Concat(Enumerable.Repeat("a ", 50_000))) is var pieces ? (pieces.Count(p => p.IsMarked), pieces.Sum(p => p.Text.Length)) : default);

    private static SearchMarks Marks(string searched) => SearchMarks.Parse(searched, Instant.MinValue);
}
