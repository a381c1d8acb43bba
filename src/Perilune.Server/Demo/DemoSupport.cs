using System.Text.Json.Nodes;

namespace Perilune.Server.Demo;

/// <summary>Threads of the support chat: each answer is found by an agent that calls models and tools.</summary>
internal sealed class DemoSupport(DemoRuns runs, Random random, DemoVersions prompts)
{
    private static readonly string[] s_models = ["gpt-5-mini", "gpt-5-mini", "claude-sonnet-4-5", "gpt-4.1-mini"];

    public void Thread(string name, DateTimeOffset at, double part, DemoPerson person, bool saysPhrase)
    {
        var thread = $"support-{name}";
        var topic = DemoTopics.All[random.Next(DemoTopics.All.Count)];
        var history = new List<JsonObject> { DemoRuns.Message("system", "You answer travellers of Tidewater Travel. Be friendly and brief. Look a booking up before you say anything about it.") };
        var isUnhappy = random.Next(9) == 0;
        var turns = 1 + random.Next(4);
        for (var turn = 0; turn < turns; turn++)
        {
            var follow = random.Next(DemoTopics.FollowUps.Count);
            var question = turn == 0 ? topic.Question : DemoTopics.FollowUps[follow];
            var answer = turn == 0 ? topic.Answer : DemoTopics.FollowUpAnswers[follow];
            answer = saysPhrase && turn == 0 ? $"{answer} As a business traveller you also have our {DemoTopics.Phrase}: call me and I do it for you." : answer;
            var (asked, answered) = (DemoRuns.Id($"{thread} q{turn}"), DemoRuns.Id($"{thread} a{turn}"));
            runs.Say(at, thread, asked, "user", question, person, tags: ["support", topic.Tag]);
            history.Add(DemoRuns.Message("user", question));
            at = Agent($"{thread} {turn}", at.AddMilliseconds(80), part, person, asked, topic, history, answer, usesTool: turn == 0, failsTool: isUnhappy && turn == 0);
            runs.Say(at, thread, answered, "assistant", answer, person, tags: ["support", topic.Tag]);
            history.Add(DemoRuns.Message("assistant", answer));
            at = Aftermath(thread, at, turn, answered, answer, person, isUnhappy, topic);
        }
    }

    private DateTimeOffset Aftermath(string thread, DateTimeOffset at, int turn, string answered, string answer, DemoPerson person, bool isUnhappy, DemoTopic topic)
    {
        if (isUnhappy && turn == 0)
        {
            runs.Rate(at.AddSeconds(20), answered, "down", DemoTopics.Complaints[random.Next(DemoTopics.Complaints.Count)]);
            var retried = DemoRuns.Id($"{thread} retry");
            runs.Say(at.AddSeconds(40), thread, retried, "assistant", $"Let me try again. {answer}", person, isRetry: true, "support", topic.Tag);
            runs.Happen(at.AddSeconds(70), thread, "escalated", new JsonObject { ["to"] = "night desk" }, person);
        }
        else if (random.Next(5) == 0)
        {
            runs.Rate(at.AddSeconds(15), answered, "up", random.Next(3) == 0 ? "Quick and clear" : null);
        }

        return at.AddSeconds(30 + random.Next(240));
    }

    private DateTimeOffset Agent(
        string name, DateTimeOffset at, double part, DemoPerson person, string parent, DemoTopic topic, List<JsonObject> history, string answer, bool usesTool, bool failsTool)
    {
        var agent = DemoRuns.Id($"agent {name}");
        var model = s_models[random.Next(s_models.Length)];
        var template = DemoVersions.At(prompts.Support, part);
        runs.Start(at, "agent", agent, "support-agent", (string)history[^1]["content"]!, parent, new JsonObject
        {
            ["metadata"] = new JsonObject { ["channel"] = random.Next(3) == 0 ? "email" : "web", ["release"] = part < 0.5 ? "2.3.1" : "2.4.0" },
        });
        var messages = history.ConvertAll(m => (JsonObject)m.DeepClone());
        at = at.AddMilliseconds(20);
        if (usesTool)
        {
            at = Call($"plan {name}", at, model, agent, messages, CallMessage(topic), template);
            at = Tool($"tool {name}", at, agent, topic, failsTool);
            messages.Add(CallMessage(topic));
            messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_1", ["content"] = failsTool ? "{\"error\":\"timed out\"}" : topic.Result });
            if (topic.Tag == "refund" && !failsTool)
            {
                at = Refunds(name, at, agent, topic);
            }
        }

        at = Call($"answer {name}", at, model, agent, messages, DemoRuns.Message("assistant", answer), template);
        runs.End(at.AddMilliseconds(15), "agent", agent, answer);
        return at.AddMilliseconds(60);
    }

    private DateTimeOffset Call(string name, DateTimeOffset at, string model, string parent, List<JsonObject> messages, JsonObject answer, string? template)
    {
        var id = DemoRuns.Id(name);
        var more = new JsonObject
        {
            ["params"] = new JsonObject { ["temperature"] = 0.3, ["max_tokens"] = 400, ["tools"] = new JsonArray(ToolDefinition("lookup_booking"), ToolDefinition("refund")) },
        };
        if (template is not null)
        {
            more["templateVersionId"] = template;
        }

        runs.Start(at, "llm", id, model, new JsonArray([.. messages.Select(m => m.DeepClone())]), parent, more);
        var input = 240 + (messages.Count * 130) + random.Next(80);
        at = at.AddMilliseconds((model[0] == 'c' ? 1900 : 900) + random.Next(1400));
        runs.End(at, "llm", id, answer.DeepClone(), (input, 30 + random.Next(120), messages.Count > 2 ? input / 2 / 64 * 64 : 0));
        return at.AddMilliseconds(10);
    }

    private DateTimeOffset Tool(string name, DateTimeOffset at, string parent, DemoTopic topic, bool fails)
    {
        var id = DemoRuns.Id(name);
        runs.Start(at, "tool", id, topic.Tool, JsonNode.Parse(topic.Arguments), parent);
        if (fails)
        {
            at = at.AddSeconds(10);
            runs.Fail(at, "tool", id, $"{topic.Tool} timed out after 10 s");
            return at.AddMilliseconds(10);
        }

        at = at.AddMilliseconds(60 + random.Next(600));
        runs.End(at, "tool", id, JsonNode.Parse(topic.Result));
        return at.AddMilliseconds(10);
    }

    /// <summary>A sub-agent with a trace of its own below the agent.</summary>
    private DateTimeOffset Refunds(string name, DateTimeOffset at, string parent, DemoTopic topic)
    {
        var id = DemoRuns.Id($"refunds {name}");
        runs.Start(at, "agent", id, "refund-agent", JsonNode.Parse(topic.Result), parent);
        var messages = new List<JsonObject> { DemoRuns.Message("system", "Decide whether the traveller gets money back."), DemoRuns.Message("user", topic.Result) };
        at = Call($"refund check {name}", at.AddMilliseconds(12), "gpt-5", id, messages, DemoRuns.Message("assistant", "Eligible: charged twice or cancelled in time."), null);
        var tool = DemoRuns.Id($"refund tool {name}");
        runs.Start(at, "tool", tool, "refund", JsonNode.Parse("""{"booking":"TW-7750","amount":412}"""), id);
        at = at.AddMilliseconds(300 + random.Next(900));
        if (random.Next(12) == 0)
        {
            runs.Fail(at, "tool", tool, "Payment gateway timed out");
            runs.Fail(at.AddMilliseconds(8), "agent", id, "The refund could not be made");
            return at.AddMilliseconds(20);
        }

        runs.End(at, "tool", tool, new JsonObject { ["refund"] = "R-" + random.Next(1000, 9999), ["status"] = "accepted" });
        runs.End(at.AddMilliseconds(8), "agent", id, "Refunded.");
        return at.AddMilliseconds(20);
    }

    private static JsonObject CallMessage(DemoTopic topic) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = "call_1", ["type"] = "function", ["function"] = new JsonObject { ["name"] = topic.Tool, ["arguments"] = topic.Arguments } }),
    };

    private static JsonObject ToolDefinition(string name) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["booking"] = new JsonObject { ["type"] = "string" } } } },
    };
}
