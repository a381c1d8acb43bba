using Perilune.Ingest.Lunary;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Lunary;

public sealed class EnvelopeTests
{
    private const string Start = """{"event":"start","type":"llm","runId":"a","timestamp":1}""";

    [Theory]
    [InlineData("""{"events":[E]}""")]
    [InlineData("""{"events":E}""")]
    [InlineData("""{"events":[[E]]}""")]
    [InlineData("""{"events":[[[[E]],[]]]}""")]
    [InlineData(""" {"sdk":{"a":[1]},"events":[E],"x":"y"} """)]
    [InlineData("\uFEFF{\"events\":[E]}")]
    public void Forms_of_the_body(string form)
    {
        var item = Assert.Single(Fixture.Decode(form.Replace("E", Start, StringComparison.Ordinal)).Items);

        Assert.Equal(Fixture.Id("a"), item.Event!.Id);
        Assert.Equal("\"a\"", item.Id.ToString());
    }

    [Fact]
    public void No_events_are_no_events() => Assert.Empty(Fixture.Decode("""{"events":[]}""").Items);

    [Theory]
    [InlineData("run_id", "parent_run_id", "user_id", "user_props", "tokens_usage", "template_version_id")]
    [InlineData("run-id", "parent-run-id", "user-id", "user-props", "tokens-usage", "template-version-id")]
    [InlineData("runId", "parentRunId", "userId", "userProps", "tokensUsage", "templateVersionId")]
    [InlineData("run\\u0049d", "parentRun\\u0049d", "userI\\u0064", "userProp\\u0073", "tokens\\u0055sage", "template_version_i\\u0064")]
    public void Envelope_keys_in_any_casing(string id, string parent, string user, string props, string usage, string template)
    {
        var run = Fixture.One($$"""
            {"event":"end","{{id}}":"a","{{parent}}":"b","{{user}}":"u","{{props}}":{"snake_key":1},"{{usage}}":{"prompt":3,"completion":4},"{{template}}":7}
            """);

        Assert.Equal((Fixture.Id("a"), Fixture.Id("b"), "u"), (run.Id, run.ParentId, run.UserId));
        Assert.Equal("""{"snake_key":1}""", run.UserProps.ToString());
        Assert.Equal(new Usage(3, 4), run.Usage);
        Assert.Equal("7", run.TemplateVersionId);
    }

    [Theory]
    [InlineData("\"chat\"", new[] { "chat" })]
    [InlineData("[\"a\",\"b\"]", new[] { "a", "b" })]
    [InlineData("[\"a\",null,7,true]", new[] { "a", "7", "true" })]
    [InlineData("[]", new string[0])]
    [InlineData("null", null)]
    public void Tags(string json, string[]? expected) =>
        Assert.Equal(expected, Fixture.One($$"""{"event":"start","runId":"a","tags":{{json}}}""").Tags);

    [Theory]
    [InlineData("""{"tags":["m"]}""", new[] { "m" })]
    [InlineData("""{"tags":"m"}""", new[] { "m" })]
    [InlineData("""{"tags":{"own":1}}""", null)]
    public void Tags_of_the_metadata_stand_in(string metadata, string[]? expected)
    {
        var run = Fixture.One($$"""{"event":"start","runId":"a","metadata":{{metadata}}}""");

        Assert.Equal(expected, run.Tags);
        Assert.Equal(metadata, run.Metadata.ToString());
    }

    [Theory]
    [InlineData("\"templateVersionId\":12", "12")]
    [InlineData("\"templateId\":\"tv\"", "tv")]
    [InlineData("\"metadata\":{\"templateId\":5}", "5")]
    [InlineData("\"metadata\":{\"template_version_id\":\"6\"}", "6")]
    [InlineData("\"templateVersionId\":1,\"templateId\":2", "1")]
    public void Template_versions(string members, string expected) =>
        Assert.Equal(expected, Fixture.One($$"""{"event":"start","runId":"a",{{members}}}""").TemplateVersionId);

    [Theory]
    [InlineData("""{"prompt":40,"completion":34,"promptCached":80}""", "{}", 120, 80, null)]
    [InlineData("""{"prompt":40,"promptCached":80}""", """{"cacheReadInputTokens":64,"cacheCreationInputTokens":16}""", 120, 64, 16)]
    [InlineData("""{"prompt":400,"promptCached":80}""", """{"cacheReadInputTokens":64,"cacheCreationInputTokens":16}""", 480, 64, 16)]
    [InlineData("""{"prompt":40,"promptCached":80}""", """{"cacheCreationInputTokens":80}""", 120, 0, 80)]
    [InlineData("""{"prompt":40,"promptCached":80}""", """{"cacheReadInputTokens":70,"cacheCreationInputTokens":16}""", 120, 70, 10)]
    [InlineData("""{"prompt":120,"prompt_cached":64}""", "{}", 120, 64, null)]
    [InlineData("""{"prompt":120.0,"promptCached":0}""", "{}", 120, 0, null)]
    [InlineData("""{"prompt":7}""", "{}", 7, null, null)]
    public void Cached_tokens(string usage, string metadata, int input, int? cached, int? written)
    {
        var run = Fixture.One($$"""{"event":"end","runId":"a","tokensUsage":{{usage}},"metadata":{{metadata}}}""");

        Assert.Equal((input, cached, written), (run.Usage!.Input, run.Usage.CacheRead, run.Usage.CacheWrite5m));
    }

    [Fact]
    public void Nulls_say_nothing()
    {
        var run = Fixture.One("""
            {"event":"end","type":null,"runId":"a","parentRunId":null,"timestamp":null,"name":null,"input":null,"output":null,"error":null,
             "tokensUsage":null,"params":null,"extra":null,"metadata":null,"tags":null,"userId":null,"userProps":null,"feedback":null,
             "message":null,"runtime":null,"templateId":null,"appId":null}
            """);

        Assert.Equal(new RunEvent { Kind = RunEventKind.End, Id = Fixture.Id("a"), ClientId = "a", ReceivedAt = Fixture.Received, ContentHash = run.ContentHash }, run);
    }

    [Theory]
    [InlineData("embed", "embedding")]
    [InlineData("convo", "thread")]
    [InlineData("message", "chat")]
    [InlineData("guardrail", "guardrail")]
    public void Types(string sent, string expected) =>
        Assert.Equal(expected, Fixture.One($$"""{"event":"start","type":"{{sent}}","runId":"a"}""").Type);

    [Fact]
    public void Model_names_lose_their_google_prefix() =>
        Assert.Equal("gemini-2.5-pro", Fixture.One("""{"event":"start","type":"llm","runId":"a","name":"models/gemini-2.5-pro"}""").Name);

    [Theory]
    [InlineData("""{"thumb":"up"}""", null, """{"thumb":"up"}""")]
    [InlineData("""{"thumb":"up","comment":"a"}""", """{"comment":"b","x":1.0}""", """{"thumb":"up","comment":"b","x":1.0}""")]
    [InlineData("null", """{"comment":"b"}""", """{"comment":"b"}""")]
    [InlineData("null", null, "null")]
    public void Feedback(string feedback, string? extra, string expected) =>
        Assert.Equal(expected, Fixture.One($$"""{"event":"feedback","runId":"a","feedback":{{feedback}},"extra":{{extra ?? "null"}}}""").Feedback.ToString());

    [Theory]
    [InlineData("info", "log")]
    [InlineData("warn", "log")]
    [InlineData("error", "log")]
    [InlineData("log", "custom")]
    public void Logs(string level, string type)
    {
        var log = Fixture.One($$"""{"event":"{{level}}","type":"{{type}}","message":"m","extra":{"a":1},"parentRunId":"p"}""");

        Assert.Equal((RunEventKind.Log, "log", level, "\"m\"", """{"a":1}"""), (log.Kind, log.Type, log.Name, log.Input.ToString(), log.Params.ToString()));
        Assert.Equal(Fixture.Id("p"), log.ParentId);
    }

    [Fact]
    public void Logs_that_differ_are_different_runs() =>
        Assert.NotEqual(Fixture.One("""{"event":"info","message":"a"}""").Id, Fixture.One("""{"event":"info","message":"b"}""").Id);

    [Fact]
    public void The_level_of_a_named_log_joins_its_metadata() =>
        Assert.Equal("""{"level":"warn","k":[ 1 ]}""", Fixture.One("""{"event":"warn","name":"n","metadata":{"k":[ 1 ]}}""").Metadata.ToString());

    [Fact]
    public void A_custom_event_may_label_its_thread()
    {
        var item = Assert.Single(Fixture.Decode("""{"events":[{"event":"custom-event","type":"thread","parentRunId":"t","name":"n","thread_tags":["a"],"threadMetadata":{"b":1}}]}""").Items);

        Assert.Equal((RunEventKind.CustomEvent, "n", "t"), (item.Event!.Kind, item.Event.Name, item.Event.Thread!.ClientId));
        Assert.Equal("""{"b":1}""", item.Event.Thread.Metadata.ToString());
        Assert.Equal(["a"], item.Event.Thread.Tags!);
    }

    [Fact]
    public void Retried_messages_may_carry_their_id_themselves()
    {
        var chat = Fixture.One("""{"event":"chat","parentRunId":"t","message":{"id":"m","role":"assistant","content":"x","is_retry":true,"feedback":{"thumb":"up"},"metadata":{"a":{"b":1}}}}""");

        Assert.Equal((Fixture.Id("m"), "m", true), (chat.Id, chat.ClientId, chat.Message!.IsRetry));
        Assert.Equal("""{"thumb":"up"}""", chat.Feedback.ToString());
        Assert.Equal("""{"a":{"b":1}}""", chat.Metadata.ToString());
    }

    [Fact]
    public void Upper_case_uuids_are_the_same_run()
    {
        var run = Fixture.One("""{"event":"start","runId":"2C0D0E94-C2EE-4426-84A6-2AF91A768236"}""");

        Assert.Equal(Fixture.Id("2c0d0e94-c2ee-4426-84a6-2af91a768236"), run.Id);
        Assert.Equal("2C0D0E94-C2EE-4426-84A6-2AF91A768236", run.ClientId);
    }

    [Fact]
    public void Answers_are_in_order_of_time_and_ties_as_sent()
    {
        var batch = Fixture.Decode("""
            {"events":[{"event":"end","runId":"c","timestamp":30},{"event":"start","runId":"a","timestamp":10},{"event":"begin","runId":"b","timestamp":10},{"event":"start","runId":"z"}]}
            """);

        Assert.Equal(["\"a\"", "\"b\"", "\"c\"", "\"z\""], batch.Items.Select(item => item.Id.ToString()));
    }

    [Fact]
    public void Legacy_events_name_their_project()
    {
        Assert.Equal("k", Fixture.Decode("""{"events":[{"event":"start","runId":"a","app":"k"}]}""", isLegacy: true).Items[0].ProjectKey);
        Assert.Equal("k", Fixture.Decode("""{"events":[{"event":"start","runId":"a","projectId":"k"}]}""", isLegacy: true).Items[0].ProjectKey);
        Assert.Equal("k", Fixture.Decode("""{"events":[{"event":"start","runId":"a","appId":"k","app":"my app"}]}""").Items[0].ProjectKey);
        Assert.Null(Fixture.Decode("""{"events":[{"event":"start","runId":"a","app":"my app"}]}""").Items[0].ProjectKey);
    }

    [Theory]
    [InlineData("1795435125133", 1795435125133_000)]
    [InlineData("\"1795435125133\"", 1795435125133_000)]
    [InlineData("1795435125133.25", 1795435125133_250)]
    [InlineData("1.795435125133e12", 1795435125133_000)]
    [InlineData("\"2026-11-23T11:58:45.133Z\"", 1795435125133_000)]
    [InlineData("\"2026-11-23T11:58:45.133456+00:00\"", 1795435125133_456)]
    [InlineData("\"2026-11-23T11:58:45.133\"", 1795435125133_000)]
    [InlineData("\"2026-11-23T13:58:45.133+02:00\"", 1795435125133_000)]
    [InlineData("\"2026-11-23 11:58:45.133\"", 1795435125133_000)]
    [InlineData("\"2026-11-23T11\\u003a58:45.133Z\"", 1795435125133_000)]
    [InlineData("\"2026-11-23T12:58:45.133+0100\"", 1795435125133_000)]
    [InlineData("\"2026-11-23 11:58:45.133456+00:00\"", 1795435125133_456)]
    [InlineData("\"2026-11-23T11:58:45.133456789Z\"", 1795435125133_456)]
    [InlineData("\"2026-11-23\"", 1795392000000_000)]
    [InlineData("\"Mon, 23 Nov 2026 11:58:45 GMT\"", 1795435125000_000)]
    [InlineData("-62135596800000", -62135596800000_000)]
    [InlineData("0", 0)]
    public void Times(string json, long micros) =>
        Assert.Equal(new Instant(micros), Fixture.One($$"""{"event":"start","runId":"a","timestamp":{{json}}}""").Time);
}
