using System.Text.Json.Nodes;

namespace Perilune.Server.Demo;

/// <summary>What runs beside the chat: answers from documents, trip plans by several agents, extraction, a nightly digest.</summary>
internal sealed class DemoWorkers(DemoRuns runs, Random random, DemoVersions prompts)
{
    /// <summary>Retrieval, then a model that answers from what was found.</summary>
    public void Answer(string name, DateTimeOffset at, double part, DemoPerson person)
    {
        var topic = DemoTopics.All[random.Next(DemoTopics.All.Count)];
        var chain = DemoRuns.Id($"rag {name}");
        var more = DemoRuns.By(person);
        more["tags"] = DemoRuns.Tags("help-center");
        runs.Start(at, "chain", chain, "policy-answer", topic.Question, null, more);
        var search = DemoRuns.Id($"rag search {name}");
        runs.Start(at.AddMilliseconds(10), "retriever", search, "policy-index", topic.Question, chain);
        at = at.AddMilliseconds(90 + random.Next(200));
        runs.End(at, "retriever", search, new JsonArray(Document("refunds", "Refunds take five days. A booking cancelled 14 days ahead is refunded in full."), Document("baggage", "Light fares carry one cabin bag of 8 kg."), Document("changes", "Flex fares can be changed until two hours before departure.")));
        at = Call($"rag call {name}", at.AddMilliseconds(8), "gpt-4.1-mini", chain, "Answer from these passages, and only from them.\n[refunds] Refunds take five days…", topic.Question, topic.Answer, 620, 70, DemoVersions.At(prompts.Policy, part));
        runs.End(at, "chain", chain, topic.Answer);
        if (random.Next(6) == 0)
        {
            runs.Rate(at.AddSeconds(12), chain, random.Next(4) == 0 ? "down" : "up", null);
        }
    }

    /// <summary>A planner and its two helpers, on the slow and expensive model.</summary>
    public void Plan(string name, DateTimeOffset at, double part, DemoPerson person, bool isRunning = false)
    {
        var city = DemoTopics.Cities[random.Next(DemoTopics.Cities.Count)];
        var planner = DemoRuns.Id($"plan {name}");
        var more = DemoRuns.By(person);
        more["tags"] = DemoRuns.Tags("planner", part > 0.6 ? "beta" : "stable");
        var ask = $"Plan {3 + random.Next(5)} days in {city} for two. Keep to {600 + (random.Next(10) * 100)} euros.";
        runs.Start(at, "agent", planner, "trip-planner", ask, null, more);
        at = Call($"plan outline {name}", at.AddMilliseconds(30), "claude-opus-4-1", planner, "You plan trips. Ask your helpers for flights and hotels.", ask, "I need flights and a hotel first.", 410, 60, null);
        at = Helper($"flights {name}", at, planner, "flight-finder", "search_flights", city, fails: random.Next(7) == 0);
        at = Helper($"hotels {name}", at, planner, "hotel-finder", "search_hotels", city, fails: false);
        if (isRunning)
        {
            runs.Start(at, "llm", DemoRuns.Id($"plan final {name}"), "claude-opus-4-1", new JsonArray(DemoRuns.Message("user", ask)), planner);
            return;
        }

        var plan = $"Day 1: arrive in {city} and walk the old town. Day 2: the museum by tram, dinner at the harbour. Day 3: a slow morning, then the train back. In all 742 euros.";
        at = Call($"plan final {name}", at, "claude-opus-4-1", planner, "Write the plan, day by day, with prices.", ask, plan, 2100, 640, null);
        runs.End(at.AddMilliseconds(10), "agent", planner, plan);
    }

    public void Extract(string name, DateTimeOffset at, DemoPerson person)
    {
        var id = DemoRuns.Id($"extract {name}");
        var more = DemoRuns.By(person);
        more["tags"] = DemoRuns.Tags("extraction");
        more["metadata"] = new JsonObject { ["document"] = $"invoice-{random.Next(1000, 9999)}.pdf", ["pages"] = 1 + random.Next(4) };
        runs.Start(at, "llm", id, "gpt-4o-mini", new JsonArray(DemoRuns.Message("system", "Extract invoice number, date and total as JSON."), DemoRuns.Message("user", "Invoice 2231, 14 May. Hotel Sea View, 3 nights, 387.00 EUR.")), null, more);
        at = at.AddMilliseconds(700 + random.Next(900));
        if (random.Next(25) == 0)
        {
            runs.Fail(at, "llm", id, "429 Rate limit reached for gpt-4o-mini");
            return;
        }

        runs.End(at, "llm", id, DemoRuns.Message("assistant", "{\"invoice\":\"2231\",\"date\":\"05-14\",\"total\":387.0}"), (310 + random.Next(900), 42, 0));
    }

    public void Digest(string name, DateTimeOffset at)
    {
        var chain = DemoRuns.Id($"digest {name}");
        runs.Start(at, "chain", chain, "nightly-digest", new JsonObject { ["reviews"] = 6 }, null, new JsonObject { ["tags"] = DemoRuns.Tags("batch") });
        for (var i = 0; i < 3; i++)
        {
            var embed = DemoRuns.Id($"digest embed {name} {i}");
            runs.Start(at, "embed", embed, "text-embedding-3-small", "Lovely stay, but the shuttle came late.", chain);
            at = at.AddMilliseconds(40 + random.Next(60));
            runs.End(at, "embed", embed, null, (900 + random.Next(400), 0, 0));
        }

        at = Call($"digest call {name}", at, "gpt-4.1-nano", chain, "Summarise the reviews of the day.", "6 reviews", "Guests like the rooms; two were unhappy with the shuttle.", 1800, 90, null);
        runs.End(at, "chain", chain, "Guests like the rooms; two were unhappy with the shuttle.");
    }

    private DateTimeOffset Helper(string name, DateTimeOffset at, string parent, string agent, string tool, string city, bool fails)
    {
        var (id, call) = (DemoRuns.Id(name), DemoRuns.Id($"{name} tool"));
        runs.Start(at, "agent", id, agent, $"Options for {city}", parent);
        at = Call($"{name} call", at.AddMilliseconds(15), "gpt-5-mini", id, "Find the three best options.", $"Options for {city}", $"{tool}(city: {city})", 300, 40, null);
        runs.Start(at, "tool", call, tool, new JsonObject { ["city"] = city }, id);
        at = at.AddMilliseconds(400 + random.Next(1500));
        if (fails)
        {
            runs.Fail(at, "tool", call, "503 from the fares service");
        }
        else
        {
            runs.End(at, "tool", call, new JsonArray(new JsonObject { ["option"] = 1, ["price"] = 189 }, new JsonObject { ["option"] = 2, ["price"] = 214 }, new JsonObject { ["option"] = 3, ["price"] = 260 }));
        }

        runs.End(at.AddMilliseconds(9), "agent", id, fails ? "No options now." : "Three options from 189 euros.");
        return at.AddMilliseconds(20);
    }

    private DateTimeOffset Call(string name, DateTimeOffset at, string model, string parent, string system, string user, string answer, int input, int output, string? template)
    {
        var id = DemoRuns.Id(name);
        var more = new JsonObject { ["params"] = new JsonObject { ["temperature"] = 0.2 } };
        if (template is not null)
        {
            more["templateVersionId"] = template;
        }

        runs.Start(at, "llm", id, model, new JsonArray(DemoRuns.Message("system", system), DemoRuns.Message("user", user)), parent, more);
        var perToken = model switch { "claude-opus-4-1" => 22, "gpt-4.1-nano" => 4, _ => 9 };
        at = at.AddMilliseconds(350 + (output * perToken) + random.Next(900));
        runs.End(at, "llm", id, DemoRuns.Message("assistant", answer), (input + random.Next(60), output + random.Next(30), 0));
        return at.AddMilliseconds(10);
    }

    private static JsonObject Document(string title, string text) => new() { ["title"] = title, ["pageContent"] = text, ["source"] = $"https://help.example/{title}" };
}
