using Perilune.Model.Filtering;

namespace Perilune.Model.Tests.Filtering;

public sealed class FilterParserTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("", "")]
    [InlineData("*", "")]
    [InlineData("type:llm", "type:llm")]
    [InlineData("model:gpt-5*", "type:llm,embedding name:gpt-5*")]
    [InlineData("model!=gpt-5", "-(type:llm,embedding name:gpt-5)")]
    [InlineData("tool:a,b", "type:tool name:a,b")]
    [InlineData("cost>0.05", "cost>0.05")]
    [InlineData("cost:>$0.05", "cost>0.05")]
    [InlineData("user:u_42 meta.tier=pro \"exact words\" tag:beta", "user:u_42 meta.tier:pro \"exact words\" tag:beta")]
    [InlineData("metadata.\"two words\".x:1", "meta.\"two words.x\":1")]
    [InlineData("-status:error", "-status:error")]
    [InlineData("NOT status:started", "-status:running")]
    [InlineData("--a", "a")]
    [InlineData("status:error OR status:running", "status:error,running")]
    [InlineData("a b OR c d", "(a b) OR (c d)")]
    [InlineData("a AND (b OR c)", "a (b OR c)")]
    [InlineData("((a))", "a")]
    [InlineData("duration>2s", "duration>2s")]
    [InlineData("latency<=500ms", "duration<=0.5s")]
    [InlineData("duration<1.5m", "duration<90s")]
    [InlineData("tokens>=1.1k input_tokens<2M", "tokens>=1100 input_tokens<2000000")]
    [InlineData("start>-24h", "start>2026-11-23T12:00:00.000Z")]
    [InlineData("start>=2026-11-01", "start>=2026-11-01")]
    [InlineData("start>2026-11-01", "start>=2026-11-02")]
    [InlineData("date<=2026-11", "start<2026-12-01")]
    [InlineData("start:today", "start>=2026-11-24 start<2026-11-25")]
    [InlineData("time:2026-11-01T10:30+01:00", "start>=2026-11-01T09:30:00.000Z start<2026-11-01T09:31:00.000Z")]
    [InlineData("has:feedback", "has:feedback")]
    [InlineData("has:meta.tier,error", "has:meta.tier OR has:error")]
    [InlineData("user:*", "has:user")]
    [InlineData("feedback:up", "feedback.thumb:up")]
    [InlineData("feedback.thumb=up", "feedback.thumb:up")]
    [InlineData("score.accuracy>0.5", "score.accuracy>0.5")]
    [InlineData("error:timeout", "error~timeout")]
    [InlineData("tag:\"a*b\"", "tag:\"a*b\"")]
    [InlineData("tag:\"a b\"*", "tag:\"a b\"*")]
    [InlineData("name~GPT", "name~GPT")]
    [InlineData("or", "or")]
    [InlineData("\"OR\"", "\"OR\"")]
    [InlineData("timeou*", "timeou*")]
    [InlineData("timeou** \"two wor\"* -a", "timeou* \"two wor\"* -a")]
    [InlineData("gpt-*", "\"gpt-\"")]
    public void Reads_as(string text, string canonical)
    {
        var parsed = FilterParser.Parse(text, Now);
        Assert.True(parsed.IsValid, string.Join('\n', parsed.Errors));
        Assert.Equal(canonical, FilterText.Print(parsed.Filter));
    }

    [Theory]
    [InlineData("modle:gpt", 0, 5, "There is no field \"modle\". Did you mean \"model\"?")]
    [InlineData("a metdata.tier:pro", 2, 12, "There is no field \"metdata.tier\". Did you mean \"metadata.tier\"?")]
    [InlineData("http://example.com", 0, 4, "There is no field \"http\". To search for the words themselves, put them in quotes.")]
    [InlineData("has:feedbak", 4, 7, "There is no field \"feedbak\". Did you mean \"feedback\"?")]
    [InlineData("status:eror", 7, 4, "There is no status \"eror\"; there are success, error, running, filtered, none. Did you mean \"error\"?")]
    [InlineData("cost>cheap", 5, 5, "\"cheap\" is not an amount in USD. For example: cost>0.05")]
    [InlineData("duration>2parsec", 9, 7, "\"2parsec\" is not a duration in ms, s, m, h or d. For example: duration>2s")]
    [InlineData("start>24h", 6, 3, "\"24h\" is not a time. Did you mean \"-24h\", which is that long ago?")]
    [InlineData("start>2026-13-01", 6, 10, "\"2026-13-01\" is not a time. For example: 2026-11-01, 2026-11-01T10:30, -24h, -7d, today, yesterday")]
    [InlineData("user>5", 5, 1, "\"user\" cannot be compared with \">\". For example: user:u_42")]
    [InlineData("cost~5", 5, 1, "\"cost\" is not a text that could contain another. For example: cost>0.05")]
    [InlineData("meta:pro", 0, 4, "\"meta\" needs a key. For example: meta.tier:pro")]
    [InlineData("meta.:pro", 0, 5, "A key is missing after \"meta.\". For example: meta.tier:pro")]
    [InlineData("user.name:x", 0, 9, "\"user\" has no parts. For example: user:u_42")]
    [InlineData("tokens>1,2", 9, 1, "\">\" compares with one value. Put a value that has a comma in quotes.")]
    [InlineData("model:", 5, 1, "A value is missing here. Write \"\" for the empty text, or has:field for any value.")]
    [InlineData("model:(a OR b)", 6, 1, "A value cannot have a parenthesis. Write alternatives as field:a,b and put text with parentheses in quotes.")]
    [InlineData("(a b", 0, 1, "This parenthesis is not closed. Add a ) or put it in quotes to search for it.")]
    [InlineData("a) b", 1, 1, "This parenthesis closes nothing. Remove it, or put it in quotes to search for it.")]
    [InlineData("a \"b c", 2, 4, "This quote is not closed. Add a \" at the end.")]
    [InlineData("a *imeout", 2, 1, "A star stands for the rest of a word, so it comes last. For example: timeou* or \"request timeou\"*")]
    [InlineData("a \"->\" b", 2, 4, "There is no word in this to search for. A word has letters or digits.")]
    [InlineData("a OR", 2, 2, "There is nothing to the right of OR. Put it in quotes to search for the word.")]
    [InlineData("OR a", 0, 2, "There is nothing to the left of OR. Put it in quotes to search for the word.")]
    [InlineData("a NOT", 2, 3, "There is nothing to the right of NOT. Put it in quotes to search for the word.")]
    public void Says_what_is_wrong_where(string text, int position, int length, string message)
    {
        var error = FilterParser.Parse(text, Now).Errors[0];
        Assert.Equal(message, error.ToString());
        Assert.Equal((position, length), (error.Position, error.Length));
    }

    [Fact]
    public void Length_and_nesting_are_bounded()
    {
        Assert.True(FilterParser.Parse(string.Concat(Enumerable.Repeat("a ", 2048)), Now).IsValid);
        Assert.Contains("4097 characters", FilterParser.Parse(new string('a', 4097), Now).Errors.Single().Message, StringComparison.Ordinal);
        Assert.True(FilterParser.Parse($"{new string('(', 32)}a{new string(')', 32)}", Now).IsValid);
        Assert.Contains("32 deep", FilterParser.Parse(new string('(', 4096), Now).Errors.Single().Message, StringComparison.Ordinal);
        Assert.True(FilterParser.Parse(new string('-', 4095) + "a", Now).IsValid);
    }
}
