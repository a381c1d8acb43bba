using Perilune.Model;
using Perilune.Server.Features.Threads;
using Perilune.Server.Features.Traces.Messages;

namespace Perilune.Server.Tests.Dashboard;

public sealed class ExchangeTests
{
    private static readonly RunId s_thread = RunId.FromClient("thread");

    [Fact]
    public void A_trace_with_calls_shows_what_the_user_asked_first_and_the_model_said_last()
    {
        var root = Named("agent", RunTypes.Agent, 0, s_thread);
        var replay = ThreadReplay.Of(Named("thread", RunTypes.Thread, 0, null), [
            root,
            Named("asks", RunTypes.Llm, 1, root.Id) with
            {
                Input = RawJson.Parse("""[{"role":"system","content":"Be kind."},{"role":"user","content":"Old"},{"role":"assistant","content":"Older"},{"role":"user","content":"Weather?"}]"""),
                Output = RawJson.Parse("""{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"weather","arguments":"{}"}}]}"""),
            },
            Named("answers", RunTypes.Llm, 2, root.Id) with { Input = RawJson.Parse("""[{"role":"tool","content":"18"}]"""), Output = RawJson.Parse("""[{"role":"assistant","parts":[{"type":"text","content":"Sunny."}]}]""") },
            Named("repeats", RunTypes.Llm, 3, root.Id) with { Output = RawJson.Parse("\"Not this.\""), IsRepeat = true },
            Named("request", RunTypes.Span, 4, s_thread),
            Named("clicked", RunTypes.CustomEvent, 5, s_thread),
        ], new HashSet<RunId>());

        var exchange = Assert.IsType<Exchange>(replay.Entries[0]);
        Assert.Equal(("Weather?", "Sunny."), (Text(exchange.Question), Text(exchange.Answer)));
        Assert.Equal(["request", "clicked"], replay.Entries.OfType<Happening>().Select(happening => happening.Run.Name));
        Assert.Equal(1, replay.Turns);
    }

    private static Run Named(string name, string type, long start, RunId? parent) => new()
    {
        Id = RunId.FromClient(name),
        Name = name,
        Type = type,
        Start = new Instant(start),
        ListedAt = new Instant(start),
        ParentId = parent,
        TraceId = parent == s_thread || parent is null ? RunId.FromClient(name) : parent.Value,
        ThreadId = s_thread,
    };

    private static string Text(Conversation conversation) => Assert.IsType<TextPart>(Assert.Single(Assert.Single(conversation.Messages).Parts)).Text.Text;
}
