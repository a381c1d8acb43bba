using System.Text;
using Perilune.Model.Filtering;

namespace Perilune.Model.Tests.Filtering;

public sealed class FilterMatcherTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private static readonly Run Example = new()
    {
        Id = RunId.FromClient("run-1"),
        ClientId = "run-1",
        TraceId = RunId.FromClient("root"),
        ParentId = RunId.FromClient("root"),
        ThreadId = RunId.FromClient("thread-1"),
        Type = "llm",
        Status = RunStatus.Success,
        Name = "gpt-4.1-mini",
        Start = Now,
        ListedAt = Now,
        End = Now + TimeSpan.FromSeconds(2),
        Input = RawJson.Parse("""[{"role":"user","content":"Wo ist die B\u00e4ckerei \"Huber\"?\nDanke"}, 42.50, {"secretkey":null}]"""),
        Output = RawJson.Parse("{\"text\":\"lone \\ud800 half\"}"),
        Params = RawJson.Parse("""{"note":"params are not searched"}"""),
        Metadata = RawJson.Parse("""{"tier":"pro","n":5.0,"s":"7","flag":true,"nil":null,"a":{"b":[1,"two"]},"a.c":"dotted","list":[{"x":1},{"x":2}],"gr\u00fcn":1}"""),
        Feedback = RawJson.Parse("""{"thumb":"up"}"""),
        Cost = 50_000_000,
        Usage = new Usage(100, 20),
        Tags = ["Beta"],
        EffectiveTags = ["Beta", "eu"],
        User = new Attribution(null, "u_42"),
        Scores = [new("accuracy", RawJson.Parse("0.9"), null), new("verdict", RawJson.OfString("good"), "why")],
        TemplateVersionId = "12",
        Runtime = "lunary-js",
    };

    [Theory]
    [InlineData("bäckerei", true)]
    [InlineData("BÄCKEREI", true)]
    [InlineData("\"\\\"huber\\\"\"", true)]
    [InlineData("\"?\ndanke\"", true)]
    [InlineData("42.50", true)]
    [InlineData("backerei", true)]
    [InlineData("\"bäckerei, huber!\"", true)]
    [InlineData("\"huber bäckerei\"", false)]
    [InlineData("huber bäckerei", true)]
    [InlineData("\"danke 42\"", false)]
    [InlineData("bäck", false)]
    [InlineData("bäck*", true)]
    [InlineData("\"ist die bä\"*", true)]
    [InlineData("user", true)]
    [InlineData("role", false)]
    [InlineData("-bäckerei OR -absent", true)]
    [InlineData("secretkey", false)]
    [InlineData("params", false)]
    [InlineData("half", true)]
    [InlineData("name:GPT-4.1*", true)]
    [InlineData("model:gpt*mini", true)]
    [InlineData("tool:gpt*", false)]
    [InlineData("user:u_*", true)]
    [InlineData("user:U_42", false)]
    [InlineData("user~U_", true)]
    [InlineData("tag:beta", false)]
    [InlineData("tag:Beta", true)]
    [InlineData("tag:x,eu", true)]
    [InlineData("-tag:eu", false)]
    [InlineData("meta.tier:pro", true)]
    [InlineData("meta.tier:Pro", false)]
    [InlineData("meta.n:5", true)]
    [InlineData("meta.n>=5 meta.s<8", true)]
    [InlineData("meta.tier>1", false)]
    [InlineData("meta.flag:true", true)]
    [InlineData("meta.a.b:two", true)]
    [InlineData("meta.a.c:dotted", true)]
    [InlineData("meta.list.x:2", true)]
    [InlineData("meta.grün:1", true)]
    [InlineData("has:meta.nil", false)]
    [InlineData("meta.nil:null", true)]
    [InlineData("has:meta.a", true)]
    [InlineData("meta.nope:1", false)]
    [InlineData("-meta.nope:1", true)]
    [InlineData("meta.nope!=1", true)]
    [InlineData("feedback:up", true)]
    [InlineData("has:feedback.comment", false)]
    [InlineData("score.accuracy>0.5 score.verdict:g*", true)]
    [InlineData("has:score.other", false)]
    [InlineData("cost>=0.05", true)]
    [InlineData("cost>0.05", false)]
    [InlineData("duration:2s", true)]
    [InlineData("duration<2001ms", true)]
    [InlineData("tokens:120 input_tokens>=100 output_tokens<21", true)]
    [InlineData("start:2026-11-24", true)]
    [InlineData("start>2026-11-24", false)]
    [InlineData("start>-1h", true)]
    [InlineData("id:run-1", true)]
    [InlineData("id:run-*", true)]
    [InlineData("id:run-2", false)]
    [InlineData("thread:thread-1 parent:root trace:root", true)]
    [InlineData("has:error", false)]
    [InlineData("input:bäckerei -output:bäckerei", true)]
    [InlineData("output:half has:output", true)]
    [InlineData("input_length>30 input_length<60 output_length:11", true)]
    [InlineData("input_matches:\"(?i)b.ckerei\" -output_matches:\"^half\"", true)]
    [InlineData("output_matches:\"half$\"", true)]
    [InlineData("error:x", false)]
    [InlineData("-error:x", true)]
    [InlineData("status:success runtime:LUNARY-JS template:12", true)]
    public void Matches(string text, bool expected)
    {
        var parsed = FilterParser.Parse(text, Now);
        Assert.True(parsed.IsValid, string.Join('\n', parsed.Errors));
        Assert.Equal(expected, FilterMatcher.Matches(parsed.Filter, Example));
    }

    [Fact]
    public void Deep_and_broken_payloads_are_searched_without_harm()
    {
        var deep = Example with { Input = RawJson.Parse($"{new string('[', 100_000)}\"needle\"{new string(']', 100_000)}"), Metadata = RawJson.Parse($"{{\"a\":{new string('[', 100_000)}{new string(']', 100_000)},\"b\":1}}") };
        Assert.True(IsMatch(deep, "needle meta.b:1"));
        var broken = Example with { Input = new(new byte[] { (byte)'"', 0xff, (byte)'n', (byte)'e', (byte)'\\' }), Metadata = new(Encoding.UTF8.GetBytes("{\"a\":")) };
        Assert.True(IsMatch(broken, "ne -meta.a:1"));
    }

    private static bool IsMatch(Run run, string text) => FilterMatcher.Matches(FilterParser.Parse(text, Now).Filter!, run);
}
