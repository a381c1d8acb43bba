using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Perilune.Server.Demo;

/// <summary>Writes down what an application's SDK would have sent. Ids and times come from the story alone.</summary>
internal sealed class DemoRuns
{
    private readonly List<DemoEvent> _events = [];

    public IReadOnlyList<DemoEvent> Events => _events;

    /// <summary>The same name has the same id at every start.</summary>
    public static string Id(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();

    public void Start(DateTimeOffset at, string type, string id, string name, JsonNode? input, string? parent = null, JsonObject? more = null)
    {
        var json = new JsonObject { ["type"] = type, ["event"] = "start", ["runId"] = id, ["timestamp"] = Time(at), ["name"] = name, ["input"] = input, ["runtime"] = "lunary-js" };
        if (parent is not null)
        {
            json["parentRunId"] = parent;
        }

        Add(at, json, more);
    }

    public void End(DateTimeOffset at, string type, string id, JsonNode? output, (int In, int Out, int Cached)? tokens = null)
    {
        var json = new JsonObject { ["type"] = type, ["event"] = "end", ["runId"] = id, ["timestamp"] = Time(at), ["output"] = output };
        if (tokens is { } used)
        {
            json["tokensUsage"] = new JsonObject { ["prompt"] = used.In, ["completion"] = used.Out, ["promptCached"] = used.Cached };
        }

        Add(at, json, null);
    }

    public void Fail(DateTimeOffset at, string type, string id, string message) => Add(
        at,
        new JsonObject { ["type"] = type, ["event"] = "error", ["runId"] = id, ["timestamp"] = Time(at), ["error"] = new JsonObject { ["message"] = message, ["stack"] = $"Error: {message}\n    at fetch (src/tools.ts:41:11)\n    at run (src/agent.ts:118:5)" } },
        null);

    public void Say(DateTimeOffset at, string thread, string id, string role, string content, DemoPerson person, bool isRetry = false, params string[] tags)
    {
        var json = new JsonObject
        {
            ["type"] = "thread", ["event"] = "chat", ["runId"] = id, ["parentRunId"] = thread, ["timestamp"] = Time(at), ["threadTags"] = Tags(tags),
            ["message"] = new JsonObject { ["id"] = id, ["role"] = role, ["content"] = content, ["isRetry"] = isRetry },
        };
        Add(at, json, By(person));
    }

    public void Happen(DateTimeOffset at, string thread, string name, JsonObject metadata, DemoPerson person) => Add(
        at,
        new JsonObject { ["type"] = "thread", ["event"] = "custom-event", ["runId"] = Id($"{thread} {name}"), ["parentRunId"] = thread, ["timestamp"] = Time(at), ["name"] = name, ["metadata"] = metadata },
        By(person));

    public void Rate(DateTimeOffset at, string id, string thumb, string? comment) => Add(
        at,
        new JsonObject { ["event"] = "feedback", ["runId"] = id, ["timestamp"] = Time(at), ["feedback"] = comment is null ? new JsonObject { ["thumb"] = thumb } : new JsonObject { ["thumb"] = thumb, ["comment"] = comment } },
        null);

    public static JsonObject By(DemoPerson person) => new()
    {
        ["userId"] = person.Id,
        ["userProps"] = new JsonObject
        {
            ["name"] = person.Name, ["email"] = $"{person.Id}@{person.Organization}.example", ["plan"] = person.Plan,
            ["organizationId"] = person.Organization, ["teamId"] = $"{person.Organization}/{person.Team}",
        },
    };

    public static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    public static JsonArray Tags(params ReadOnlySpan<string> tags)
    {
        var array = new JsonArray();
        foreach (var tag in tags)
        {
            array.Add(tag);
        }

        return array;
    }

    private void Add(DateTimeOffset at, JsonObject json, JsonObject? more)
    {
        foreach (var (name, value) in more ?? [])
        {
            json[name] = value?.DeepClone();
        }

        _events.Add(new DemoEvent(at, json));
    }

    private static long Time(DateTimeOffset at) => at.ToUnixTimeMilliseconds();
}
