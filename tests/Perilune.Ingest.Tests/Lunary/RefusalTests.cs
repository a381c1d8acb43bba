using System.Text;
using Perilune.Ingest.Lunary;

namespace Perilune.Ingest.Tests.Lunary;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("null", "events[0] is null, but an event must be an object.")]
    [InlineData("7", "events[0] is a number, but an event must be an object.")]
    [InlineData("{}", "event is missing; send one of start, end, error, update, feedback, chat, custom-event, log, info, warn, score, identify.")]
    [InlineData("""{"event":"begin","runId":"a"}""", "event must be one of start, end, error, update, feedback, chat, custom-event, log, info, warn, score, identify, but was \"begin\".")]
    [InlineData("""{"event":"start","type":"llm"}""", "runId is missing; give the run an id of your choice and send it in its end too.")]
    [InlineData("""{"event":"end","runId":""}""", "runId is missing; send the one that the run was started with.")]
    [InlineData("""{"event":"start","runId":"00000000-0000-0000-0000-000000000000"}""", "runId is missing; give the run an id of your choice and send it in its end too.")]
    [InlineData("""{"event":"start","runId":12}""", "runId must be a string, but was 12.")]
    [InlineData("""{"event":"start","runId":"a","name":{"x":1}}""", "name must be a string, but was an object.")]
    [InlineData("""{"event":"start","runId":"a","metadata":"x"}""", "metadata must be an object, but was \"x\".")]
    [InlineData("""{"event":"start","runId":"a","tags":[["x"]]}""", "tags must hold strings only, but an array is among them.")]
    [InlineData("""{"event":"start","runId":"a","tags":7}""", "tags must be a string or an array of strings, but was 7.")]
    [InlineData("""{"event":"end","runId":"a","tokensUsage":{"prompt":"many"}}""", "tokensUsage.prompt must be a whole number from 0 to 1,000,000,000,000, but was \"many\".")]
    [InlineData("""{"event":"end","runId":"a","tokensUsage":{"completion":-1}}""", "tokensUsage.completion must be a whole number from 0 to 1,000,000,000,000, but was -1.")]
    [InlineData("""{"event":"end","runId":"a","tokensUsage":7}""", "tokensUsage must be an object, but was 7.")]
    [InlineData("""{"event":"start","runId":"a","timestamp":"yesterday"}""", "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was \"yesterday\".")]
    [InlineData("""{"event":"start","runId":"a","timestamp":"12:30"}""", "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was \"12:30\".")]
    [InlineData("""{"event":"start","runId":"a","timestamp":"0001-01-01T00:00:00+14:00"}""", "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was \"0001-01-01T00:00:00+14:00\".")]
    [InlineData("""{"event":"start","runId":"a","timestamp":1e300}""", "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was 1e300.")]
    [InlineData("""{"event":"start","runId":"a","timestamp":9223372036854775807}""", "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was 9223372036854775807.")]
    [InlineData("""{"event":"start","runId":"a","timestamp":{}}""", "timestamp must be a time from year 1 to 9999, in epoch milliseconds or ISO 8601, but was {}.")]
    [InlineData("""{"event":"start","runId":"a","name":"\ud800"}""", "name holds an unpaired surrogate (half of a character, such as \\ud800), which is not text.")]
    [InlineData("""{"event":"feedback","runId":"a"}""", "feedback is missing; send an object such as {\"thumb\":\"up\",\"comment\":\"…\"}, or null to clear it.")]
    [InlineData("""{"event":"feedback","runId":"a","feedback":"great"}""", "feedback must be an object, but was \"great\".")]
    [InlineData("""{"event":"chat","runId":"a","message":{"role":"user"}}""", "parentRunId is missing; a message must name its thread there.")]
    [InlineData("""{"event":"chat","runId":"a","parentRunId":"t"}""", "message is missing; send an object such as {\"role\":\"user\",\"content\":\"…\"}.")]
    [InlineData("""{"event":"chat","runId":"a","parentRunId":"t","message":"hi"}""", "message must be an object, but was \"hi\".")]
    [InlineData("""{"event":"chat","runId":"a","parentRunId":"t","message":{"content":"x"}}""", "message.role is missing; send user, assistant, system or tool.")]
    [InlineData("""{"event":"chat","runId":"a","parentRunId":"t","message":{"role":"user","isRetry":"yes"}}""", "message.isRetry must be a boolean, but was \"yes\".")]
    [InlineData("""{"event":"score","score":{"label":"x","value":1}}""", "runId is missing; a score must say which run it is about.")]
    [InlineData("""{"event":"score","runId":"a","score":{"label":"x"}}""", "score is missing or incomplete; send an object such as {\"label\":\"faithfulness\",\"value\":0.92,\"comment\":\"…\"}, its value a number, a text, true or false.")]
    [InlineData("""{"event":"score","runId":"a","score":7}""", "score must be an object, but was 7.")]
    [InlineData("""{"event":"identify","userProps":{}}""", "userId is missing; say who it is that userProps are about.")]
    public void Reasons(string eventJson, string reason) => Assert.Equal(reason, Fixture.Refusal(eventJson));

    [Theory]
    [InlineData("name", 4096)]
    [InlineData("userId", 1024)]
    [InlineData("runId", 1024)]
    [InlineData("type", 256)]
    [InlineData("tags", 256)]
    public void Labels_have_a_length(string member, int bytes)
    {
        var most = new string('é', bytes / 2);

        Assert.NotNull(Fixture.One($$"""{"event":"start","runId":"a","{{member}}":"{{most}}"}"""));
        Assert.NotNull(Fixture.One($$"""{"event":"start","runId":"a","{{member}}":"{{most.Replace("é", "\\u00e9", StringComparison.Ordinal)}}"}"""));
        Assert.EndsWith(" bytes.", Fixture.Refusal($$"""{"event":"start","runId":"a","{{member}}":"{{most}}x"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_have_a_number()
    {
        static string Start(int tags) => $$"""{"event":"start","runId":"a","tags":["{{string.Join("\",\"", Enumerable.Range(0, tags))}}"]}""";

        Assert.Equal(128, Fixture.One(Start(128)).Tags!.Count);
        Assert.Equal("tags has more than 128 items; send fewer, or use metadata.", Fixture.Refusal(Start(129)));
    }

    [Fact]
    public void A_bad_event_leaves_the_others_alone()
    {
        var batch = Fixture.Decode("""{"events":[null,{"event":"start","runId":"a"},{"event":"end","runId":7},[{"event":"end","runId":"a"}],"x"]}""");

        Assert.Equal([false, true, false, true, false], batch.Items.Select(item => item.Event is not null));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_fail_only_their_event()
    {
        byte[] body = [.. """{"events":[{"event":"start","runId":"a","input":"""u8, (byte)'"', 0xff, (byte)'"', .. """},{"event":"start","runId":"b"}]}"""u8];

        var items = LunaryDecoder.Decode(body, Fixture.Received).Items;

        Assert.Equal("events[0] is not valid UTF-8; encode the body as UTF-8.", items[0].Refusal);
        Assert.NotNull(items[1].Event);
    }

    [Theory]
    [InlineData("""{"events":[{"event":"start","runId":"a","input":"\ud800"}]}""")]
    [InlineData("""{"events":[{"event":"start","runId":"a","input":"\u0000"}]}""")]
    [InlineData("""{"events":[{"event":"start","runId":"a","\ud800":1}]}""")]
    public void Odd_payloads_are_kept(string body) => Assert.NotNull(Assert.Single(Fixture.Decode(body).Items).Event);

    [Fact]
    public void Depth_does_not_matter()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);

        Assert.Equal(deep, Fixture.One($$"""{"event":"start","runId":"a","input":{{deep}}}""").Input.ToString());
        Assert.Single(Fixture.Decode($$"""{"events":{{deep.Replace("[]", """[{"event":"start","runId":"a"}]""", StringComparison.Ordinal)}}}""").Items);
    }

    [Theory]
    [InlineData("", "The body is empty; expected {\"events\":[…]}.")]
    [InlineData(" \n", "The body is empty; expected {\"events\":[…]}.")]
    [InlineData("{}", "Missing events payload: the body must be a JSON object such as {\"events\":[{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"…\"}]}, but it has no events member.")]
    [InlineData("[]", "Missing events payload: the body must be a JSON object such as {\"events\":[{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"…\"}]}, but an array was sent.")]
    [InlineData("{\"events\":null}", "Missing events payload: the body must be a JSON object such as {\"events\":[{\"event\":\"start\",\"type\":\"llm\",\"runId\":\"…\"}]}, but its events member is null.")]
    public void Bodies_without_events(string body, string reason) => Assert.Equal(reason, Fixture.Decode(body).Malformed);

    [Theory]
    [InlineData("{\"events\":[}", "Malformed JSON at byte 11 (line 1, column 12): ")]
    [InlineData("{\n \"events\":\n[{\"event\":tru}]}", "Malformed JSON at byte 26 (line 3, column 14): ")]
    [InlineData("{\"events\":[]} x", "Malformed JSON at byte 14 (line 1, column 15): ")]
    [InlineData("{\"events\":[{\"event\":\"start\"", "Malformed JSON at byte 27 (line 1, column 28): ")]
    public void Malformed_bodies_say_where(string body, string reason)
    {
        var batch = Fixture.Decode(body);

        Assert.StartsWith(reason, batch.Malformed, StringComparison.Ordinal);
        Assert.Empty(batch.Items);
    }

    [Fact]
    public void Too_many_events_are_refused_as_a_whole()
    {
        var body = new StringBuilder("{\"events\":[").Insert(11, "0,", Limits.EventsPerRequest).Append("0]}").ToString();

        Assert.Equal("The body holds more than 50,000 events; send them in several requests.", Fixture.Decode(body).Malformed);
    }
}
