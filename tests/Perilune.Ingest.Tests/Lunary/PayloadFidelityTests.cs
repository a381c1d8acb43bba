using CsCheck;
using Perilune.Ingest.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Lunary;

public sealed class PayloadFidelityTests
{
    [Fact]
    public void Payloads_are_the_bytes_that_were_sent() =>
        Gen.Select(JsonGen.Value, JsonGen.Value, JsonGen.Value, JsonGen.Value, JsonGen.ObjectValue, JsonGen.ObjectValue, JsonGen.ObjectValue)
            .Sample((input, output, error, parameters, metadata, props, feedback) =>
            {
                var body = JsonGen.Utf8($$"""
                    {"events":[{"input":{{input}},"output": {{output}} ,"error":{{error}},"params":{{parameters}},"metadata":{{metadata}},
                     "userProps":{{props}},"feedback":{{feedback}},"event":"start","runId":"a"}]}
                    """);
                var run = LunaryDecoder.Decode(body, Fixture.Received).Items[0].Event!;

                Assert.Equal(input, run.Input.ToString());
                Assert.Equal(output, run.Output.ToString());
                Assert.Equal(error, run.Error.ToString());
                Assert.Equal(parameters, run.Params.ToString());
                Assert.Equal(metadata, run.Metadata.ToString());
                Assert.Equal(props, run.UserProps.ToString());
                Assert.Equal(feedback, run.Feedback.ToString());
                Assert.True(run.Input.Span.Overlaps(body), "The payload was copied.");
            });

    [Fact]
    public void Messages_are_the_bytes_that_were_sent() =>
        Gen.Select(JsonGen.Value, JsonGen.Value).Sample((content, odd) =>
        {
            var message = $$"""{ "content":{{content}}, "role" :"user","tool_calls":{{odd}} }""";

            var chat = Fixture.One($$"""{"event":"chat","runId":"m","parentRunId":"t","message":{{message}}}""");

            Assert.Equal(message, chat.Message!.Raw.ToString());
        });

    [Fact]
    public void Merged_feedback_keeps_the_values_of_both() =>
        Gen.Select(JsonGen.Value, JsonGen.Value).Sample((first, second) =>
            Assert.Equal(
                new RawJson(JsonGen.Utf8($$"""{"a":{{first}},"b":{{second}}}""")),
                Fixture.One($$$"""{"event":"feedback","runId":"a","feedback":{"a":{{{first}}},"b":1},"extra":{"b":{{{second}}}}}""").Feedback));

    [Fact]
    public void Casing_of_the_envelope_says_nothing() =>
        Gen.Select(JsonGen.ObjectValue, Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((payload, prompt, completion) =>
        {
            var camel = Fixture.One($$"""
                {"event":"end","runId":"a","parentRunId":"p","userId":"u","userProps":{{payload}},"tokensUsage":{"prompt":{{prompt}},"completion":{{completion}},"promptCached":{{prompt / 2}}},"templateVersionId":3,"output":{{payload}}}
                """);
            var snake = Fixture.One($$"""
                {"event":"end","run_id":"a","parent_run_id":"p","user_id":"u","user_props":{{payload}},"tokens_usage":{"prompt":{{prompt}},"completion":{{completion}},"prompt_cached":{{prompt / 2}}},"template_version_id":3,"output":{{payload}}}
                """);

            Assert.Equal(camel, snake with { ContentHash = camel.ContentHash });
        });
}
