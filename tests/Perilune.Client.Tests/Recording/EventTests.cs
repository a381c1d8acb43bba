using System.Text.Json.Nodes;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Recording;

public sealed class EventTests
{
    [Fact]
    public async Task Threads_feedback_and_scores_are_events()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();

        var thread = Perilune.OpenThread("chat-7", user: new PeriluneUser("u42") { Name = "Ann" }, tags: ["vip"], metadata: new Dictionary<string, object?> { ["shop"] = "berlin" });
        var question = thread.TrackMessage("user", "Hi", new MessageDetails { Tags = ["first"] });
        string run;
        using (thread.Scope(question))
        using (var agent = Perilune.Agent("a"))
        {
            run = agent.Id!;
            agent.Feedback(Thumb.Up, "great");
            agent.Score("faithfulness", 0.92, "cites its source");
        }

        thread.TrackMessage("assistant", "Hello", new MessageDetails { Id = "m-2", IsRetry = true });
        thread.TrackEvent("closed");
        Perilune.Score(run, "class", "greeting");
        Perilune.Score(run, "ok", true);
        Perilune.Feedback(run, Thumb.None);

        await client.SettleAsync();
        var span = Assert.Single(sink.Spans);
        Assert.Equal(("chat-7", "u42", question), (span["gen_ai.conversation.id"], span["user.id"], span["perilune.parent_run.id"]));
        var events = sink.Events.ToList();
        Assert.All(events, static e => Assert.True(DateTimeOffset.TryParse((string?)e["timestamp"], out _)));
        var times = events.Select(static e => (string)e["timestamp"]!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal), times);
        var first = events[0];
        Assert.Equal(("chat", "thread", "chat-7", question, "u42"), ((string?)first["event"], (string?)first["type"], (string?)first["parentRunId"], (string?)first["runId"], (string?)first["userId"]));
        Assert.Equal("""{"role":"user","content":"Hi","tags":["first"]}""", first["message"]!.ToJsonString());
        Assert.Equal("""{"name":"Ann"}""", first["userProps"]!.ToJsonString());
        Assert.Equal("""{"shop":"berlin"}""", first["threadMetadata"]!.ToJsonString());
        Assert.Equal("""{"thumb":"up","comment":"great"}""", Of("feedback", 0)["feedback"]!.ToJsonString());
        Assert.Equal("""{"thumb":null}""", Of("feedback", 1)["feedback"]!.ToJsonString());
        Assert.Equal("""{"label":"faithfulness","value":0.92,"comment":"cites its source"}""", Of("score", 0)["score"]!.ToJsonString());
        Assert.Equal("""{"label":"class","value":"greeting"}""", Of("score", 1)["score"]!.ToJsonString());
        Assert.Equal("""{"label":"ok","value":true}""", Of("score", 2)["score"]!.ToJsonString());
        Assert.True((bool)Of("chat", 1)["message"]!["isRetry"]!);
        Assert.Equal("closed", (string?)Of("custom-event", 0)["name"]);
        Assert.All(events.Where(static e => (string?)e["event"] is "feedback" or "score"), e => Assert.Equal(run, (string?)e["runId"]));

        JsonObject Of(string kind, int index) => events.Where(e => (string?)e["event"] == kind).ElementAt(index);
    }
}
