using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Features.Traces.Estimates;

namespace Perilune.Server.Tests.Traces;

public sealed class TokenEstimatorTests
{
    private static readonly TokenEstimator s_estimator = new();

    /// <summary>The counts of the texts are those of the published encodings; the frame is that of OpenAI's chat models.</summary>
    [Theory]
    [InlineData("gpt-5-mini", """[{"role":"user","content":"hello world"}]""", "\"hello world\"", 2 + 4 + 3, 2)]
    [InlineData("gpt-4", """[{"role":"user","content":"hello world"}]""", "\"hello world\"", 2 + 4 + 3, 2)]
    [InlineData("gpt-4o", """[{"role":"system","content":"hello"},{"role":"user","name":"world","content":[{"type":"text","text":"hello world"}]}]""", """{"role":"assistant","content":"hello"}""", 1 + 4 + 1 + 1 + 2 + 4 + 3, 1)]
    [InlineData("text-embedding-3-small", "\"hello world\"", "", 2, null)]
    [InlineData("gpt-4o", """[{"role":"user","content":[{"type":"text","text":"hello"},{"type":"image_url","image_url":{"url":"PICTURE"}}]}]""", "\"hello\"", 1 + 4 + 3, 1)]
    public void Texts_are_counted(string model, string input, string output, int expectedInput, int? expectedOutput)
    {
        var picture = "data:image/png;base64," + new string('A', 20_000);
        var estimate = s_estimator.Estimate(Call(model, input.Replace("PICTURE", picture, StringComparison.Ordinal), output));
        Assert.Equal((expectedInput, expectedOutput), (estimate?.Usage.Input, estimate?.Usage.Output));
        Assert.True(estimate!.IsOwnEncoding);
    }

    [Fact]
    public void What_the_client_gave_is_taken()
    {
        var call = Call("gpt-5", "\"hello world\"", "\"hello world\"");
        Assert.Null(s_estimator.Estimate(call with { Usage = new Usage(7, 8) }));
        Assert.Equal(new Usage(70, 2, 60), s_estimator.Estimate(call with { Usage = new Usage(70, null, 60) })!.Usage);
        Assert.Null(s_estimator.Estimate(call with { Type = RunTypes.Tool }));
        Assert.Null(s_estimator.Estimate(call with { Input = default, Output = default }));
    }

    [Fact]
    public void Models_of_other_makers_are_said_to_be_counted_with_an_encoding_not_their_own()
    {
        var estimate = s_estimator.Estimate(Call("anthropic/claude-opus-5", "\"hello world\"", "\"hello\""));
        Assert.Equal((2, 1, false, 35), (estimate!.Usage.Input, estimate.Usage.Output, estimate.IsOwnEncoding, estimate.OffByPercent));
    }

    [Fact]
    public void Definitions_of_tools_count()
    {
        var call = Call("gpt-5", "\"hello\"", "");
        var tools = call with { Params = RawJson.Parse("""{"tools":[{"type":"function","function":{"name":"search"}}],"temperature":1}""") };
        Assert.InRange(s_estimator.Estimate(tools)!.Usage.Input!.Value - s_estimator.Estimate(call)!.Usage.Input!.Value, 8, 20);
    }

    /// <summary>What has no space in it, has no end, is nested without end or is broken costs no more than any other text.</summary>
    [Fact]
    public void Strange_texts_are_counted_in_bounded_work()
    {
        Assert.InRange(Input(JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("hello ", 700_000)))), 690_000, 710_000);
        Assert.InRange(Input(JsonSerializer.Serialize(" " + new string('a', 2_000_000))), 200_000, 2_000_000);
        Assert.Equal(1, Input(new string('[', 10_000) + "\"hello\"" + new string(']', 10_000)));
        Assert.Equal(1, Input("[\"hello\",\"\\ud800\"]"));

        static long Input(string json) => s_estimator.Estimate(Call("gpt-5", json, ""))!.Usage.Input!.Value;
    }

    private static Run Call(string model, string input, string output) => new()
    {
        Id = RunId.FromClient("call"),
        TraceId = RunId.FromClient("call"),
        Type = RunTypes.Llm,
        Name = model,
        Start = Instant.MinValue,
        ListedAt = Instant.MinValue,
        Status = RunStatus.Success,
        Input = input.Length > 0 ? RawJson.Parse(input) : default,
        Output = output.Length > 0 ? RawJson.Parse(output) : default,
    };
}
