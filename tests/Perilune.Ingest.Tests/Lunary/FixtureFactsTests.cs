using Perilune.Model;

namespace Perilune.Ingest.Tests.Lunary;

/// <summary>What recorded bodies say, written out by hand from reading them.</summary>
public sealed class FixtureFactsTests
{
    [Fact]
    public void Llm_call_with_user_tags_and_usage()
    {
        var events = Fixture.Events("lunary-sdk/01-openai-chat.1");

        Assert.Equal(2, events.Count);
        var (start, end) = (events[0], events[1]);
        Assert.Equal(RunEventKind.Start, start.Kind);
        Assert.Equal(Fixture.Id("2c0d0e94-c2ee-4426-84a6-2af91a768236"), start.Id);
        Assert.Null(start.ClientId);
        Assert.Equal(new Instant(1795435125133_000), start.Time);
        Assert.Equal("llm", start.Type);
        Assert.Equal("gpt-4o", start.Name);
        Assert.Equal("user-123", start.UserId);
        Assert.Equal("""{"name":"Jane","email":"jane@example.com"}""", start.UserProps.ToString());
        Assert.Equal("""[{"role":"system","content":"You are helpful."},{"role":"user","content":"Hello!"}]""", start.Input.ToString());
        Assert.Equal("""{"temperature":0.2,"max_tokens":100}""", start.Params.ToString());
        Assert.Equal("""{"feature":"greeting","release":"1.2.3"}""", start.Metadata.ToString());
        Assert.Equal(["chat", "prod"], start.Tags);
        Assert.Equal("lunary-js", start.Runtime);
        Assert.True(start.Output.IsAbsent);

        Assert.Equal(RunEventKind.End, end.Kind);
        Assert.Equal(start.Id, end.Id);
        Assert.Equal(new Usage(23, 7), end.Usage);
        Assert.Equal("""{"role":"assistant","content":"Hello from the fake model.","refusal":null}""", end.Output.ToString());
        Assert.True(end.Input.IsAbsent);
        Assert.Null(end.Tags);
    }

    [Fact]
    public void A_stream_without_prompt_tokens_has_no_input_count() =>
        Assert.Equal(new Usage(null, 7), Fixture.Events("lunary-sdk/02-openai-chat-stream.1")[1].Usage);

    [Fact]
    public void Agent_chain_tool_and_llm_name_their_parents()
    {
        var events = Fixture.Events("lunary-sdk/08-wrapped-agent-chain-tool-llm.1");

        var starts = events.Where(e => e.Kind == RunEventKind.Start).ToDictionary(e => e.Type!, StringComparer.Ordinal);
        Assert.Equal(["agent", "chain", "llm", "tool"], starts.Keys.Order(StringComparer.Ordinal));
        Assert.Null(starts["agent"].ParentId);
        Assert.Equal(starts["agent"].Id, starts["tool"].ParentId);
        Assert.Equal(starts["agent"].Id, starts["chain"].ParentId);
        Assert.Equal(starts["chain"].Id, starts["llm"].ParentId);
        Assert.Equal("3", events.Single(e => e.Id == starts["tool"].Id && e.Kind == RunEventKind.End).Output.ToString());
        Assert.All(events, e => Assert.Equal("user-456", e.UserId));
    }

    [Fact]
    public void Thread_messages_and_what_happened_between_them()
    {
        var events = Fixture.Events("lunary-sdk/11-thread-messages.1");

        var thread = Fixture.Id("ab418777-06b7-4c70-c633-6e7df7d01afe");
        var chats = events.Where(e => e.Kind == RunEventKind.Chat).ToList();
        Assert.Equal(["user", "assistant", "user"], chats.Select(e => e.Message!.Role));
        Assert.All(chats, e => Assert.Equal(thread, e.ParentId));
        Assert.All(chats, e => Assert.Equal(["support"], e.Thread!.Tags!));
        Assert.Equal("""{"role":"assistant","content":"Let me check","extra":{"lang":"en"}}""", chats[1].Message!.Raw.ToString());
        Assert.Equal("""{"lang":"en"}""", chats[1].Metadata.ToString());
        Assert.Equal(["ty"], chats[2].Tags);
        Assert.Equal("""{"thumb":"up"}""", chats[2].Feedback.ToString());

        var happening = Assert.Single(events, e => e.Kind == RunEventKind.CustomEvent);
        Assert.Equal(("custom-event", "escalated"), (happening.Type, happening.Name));
        Assert.Equal("""{"to":"human"}""", happening.Metadata.ToString());
        Assert.Equal(thread, happening.ParentId);
    }

    [Fact]
    public void Feedback_has_no_type_and_keeps_its_object()
    {
        var events = Fixture.Events("lunary-sdk/15-feedback.1");

        Assert.All(events, e => Assert.Equal(RunEventKind.Feedback, e.Kind));
        Assert.All(events, e => Assert.Null(e.Type));
        Assert.Equal("""{"thumb":"down","comment":"not helpful"}""", events[1].Feedback.ToString());
    }

    [Fact]
    public void Manual_events_with_extra_foreign_ids_and_embeddings()
    {
        var events = Fixture.Events("lunary-sdk/16-manual-trackEvent.1");

        Assert.Equal("""{"temperature":1}""", events[0].Params.ToString());
        Assert.Equal("my-non-uuid-id-1", events[2].ClientId);
        Assert.Equal(events[2].Id, events[3].Id);
        // SHA-256 of the id, cut the way Lunary's servers cut it.
        Assert.Equal(RunId.FromClient("my-non-uuid-id-1"), events[2].Id);
        Assert.Equal("embedding", events[4].Type);
        Assert.Equal(new Usage(2, 0), events[5].Usage);
    }

    [Fact]
    public void A_log_without_id_or_parent_is_a_run_named_by_its_level()
    {
        var log = Assert.Single(Fixture.Events("lunary-sdk/18-log-without-parent.1"));

        Assert.Equal((RunEventKind.Log, "log", "info"), (log.Kind, log.Type, log.Name));
        Assert.Equal("\"orphan log\"", log.Input.ToString());
        Assert.False(log.Id.IsNone);
        Assert.Equal(log.Id, Fixture.Events("lunary-sdk/18-log-without-parent.1")[0].Id);
    }

    [Fact]
    public void A_named_log_keeps_its_level_in_its_metadata()
    {
        var log = Assert.Single(Fixture.Events("lunary-js/003"), e => e.Kind == RunEventKind.Log);

        Assert.Equal("thing", log.Name);
        Assert.Equal("""{"level":"info"}""", log.Metadata.ToString());
    }

    [Fact]
    public void Template_ids_are_text()
    {
        Assert.Equal("1", Fixture.Events("lunary-sdk/19-template-render-and-use.1")[0].TemplateVersionId);
        Assert.Equal("tv_1", Assert.Single(Fixture.Events("lunary-js/003"), e => e.TemplateVersionId is not null).TemplateVersionId);
    }

    [Fact]
    public void Thread_named_by_a_string_and_a_message_that_is_rated()
    {
        var events = Fixture.Events("lunary-js/003");

        var answer = Fixture.Id("11111111-1111-4111-8111-111111111111");
        var chats = events.Where(e => e.Kind == RunEventKind.Chat).ToList();
        Assert.All(chats, e => Assert.Equal(Fixture.Id("sess-7"), e.ParentId));
        Assert.Equal(answer, chats[1].Id);
        Assert.False(chats[1].Message!.IsRetry);
        Assert.Equal(answer, Assert.Single(events, e => e.Kind == RunEventKind.Feedback).Id);
        Assert.All(events.Where(e => e.ParentId == Fixture.Id("sess-7")), e => Assert.Equal("sess-7", e.Thread!.ClientId));
    }

    [Fact]
    public void Anthropic_counts_of_cached_tokens_become_part_of_the_input()
    {
        var ends = Fixture.Events("lunary-js/007").Where(e => e.Kind == RunEventKind.End).ToList();

        Assert.Equal(5, ends.Count);
        Assert.All(ends, e => Assert.Equal(new Usage(120, 34, 64) { CacheWrite5m = 16 }, e.Usage));
    }

    [Fact]
    public void Errors_keep_their_object()
    {
        var error = Assert.Single(Fixture.Events("langchain-lunary-js/004"));

        Assert.Equal(RunEventKind.Error, error.Kind);
        Assert.StartsWith("""{"status":429,"headers":{},"requestID":"req_fake242",""", error.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_recorded_event_is_accepted()
    {
        var bodies = new[] { "lunary-sdk", "lunary-js", "langchain-lunary-js" }.SelectMany(Fixture.Bodies).ToList();

        Assert.Equal(30, bodies.Count);
        Assert.All(bodies, body => Assert.NotEmpty(Fixture.Accepted(body)));
    }
}
