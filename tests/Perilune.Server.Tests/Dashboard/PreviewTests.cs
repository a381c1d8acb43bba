using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Server.Ui;

namespace Perilune.Server.Tests.Dashboard;

public sealed class PreviewTests
{
    [Theory]
    [InlineData("""[{"role":"system","content":"Long rules"},{"role":"user","content":"First"},{"role":"assistant","content":"A"},{"role":"user","content":"Second\n\n  line"},{"role":"tool","content":"x"}]""", "Second line")]
    [InlineData("\"Hello\"", "Hello")]
    [InlineData("""{"order":991,"tags":["a"]}""", "{order: 991, tags: [\"a\"]}")]
    [InlineData("null", "")]
    public void An_input_is_what_was_asked(string json, string expected) => Assert.Equal(expected, Preview.OfInput(RawJson.Parse(json)));

    [Theory]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}}]}""", "f(a: 1)")]
    [InlineData("""{"role":"assistant","content":"Done"}""", "Done")]
    public void An_output_is_what_was_answered(string json, string expected) => Assert.Equal(expected, Preview.OfOutput(RawJson.Parse(json)));

    [Theory]
    [InlineData("""{"message":"boom","stack":"at x"}""", "boom")]
    [InlineData("""{"stack":"Error: boom\n at x"}""", "Error: boom at x")]
    [InlineData("{}", "{}")]
    [InlineData("\"boom\"", "boom")]
    public void An_error_is_its_message(string json, string expected) => Assert.Equal(expected, Preview.OfError(RawJson.Parse(json)));

    [Theory]
    [InlineData("gold", "You have gold status, and a seat by the window.")]
    [InlineData("window", "… by the window.")]
    [InlineData("\"by the\" window", "… a seat by the window.")]
    [InlineData("output~dow", "… the window.")]
    [InlineData("absent", "You have gold status, and a seat by the window.")]
    [InlineData("-window", "You have gold status, and a seat by the window.")]
    public void A_line_shows_where_the_words_are_said(string searched, string expected) =>
        Assert.Equal(expected, Preview.OfOutput(RawJson.OfString("You have gold status, and a seat by the window."), SearchMarks.Parse(searched, Instant.MinValue)));

    [Fact]
    public void A_line_is_short_however_long_the_text()
    {
        Assert.Equal(161, Preview.OfInput(RawJson.OfString(new string('a', 5_000_000))).Length);
        Assert.Equal(161, Preview.OfInput(RawJson.OfString(new string('a', 5_000))).Length);
    }
}
