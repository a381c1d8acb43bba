using System.Globalization;
using System.Text.Json.Nodes;

namespace PeriluneSdk.Wire;

/// <summary>What OpenTelemetry has no words for, as events of <c>POST /v1/runs/ingest</c>.</summary>
internal static class EventJson
{
    private const string Runtime = "perilune-dotnet";

    private static long s_lastTicks;

    public static JsonObject Identify(string userId, JsonObject props) => New("identify", static _ => { }, e =>
    {
        e["userId"] = userId;
        e["userProps"] = props;
    });

    public static JsonObject Feedback(string runId, Thumb thumb, string? comment) => New("feedback", static _ => { }, e =>
    {
        e["runId"] = runId;
        var feedback = new JsonObject
        {
            ["thumb"] = thumb switch
            {
                Thumb.Up => "up",
                Thumb.Down => "down",
                _ => null,
            },
        };
        if (comment is not null)
        {
            feedback["comment"] = comment;
        }

        e["feedback"] = feedback;
    });

    public static JsonObject Score(string runId, string label, JsonNode value, string? comment) => New("score", static _ => { }, e =>
    {
        e["runId"] = runId;
        e["score"] = new JsonObject { ["label"] = label, ["value"] = value };
        if (comment is not null)
        {
            e["score"]!["comment"] = comment;
        }
    });

    public static JsonObject Message(PeriluneThread thread, string id, JsonObject message, MessageDetails? details) => New("chat", thread.WriteAbout, e =>
    {
        e["type"] = "thread";
        e["runId"] = id;
        e["message"] = message;
        if (details is { IsRetry: true })
        {
            message["isRetry"] = true;
        }

        if (details?.Tags is { } tags)
        {
            message["tags"] = JsonValues.Array(tags);
        }

        if (details?.Metadata is { } metadata)
        {
            message["metadata"] = JsonValues.Object(metadata);
        }
    });

    public static JsonObject Custom(PeriluneThread thread, string name, JsonObject? metadata) => New("custom-event", thread.WriteAbout, e =>
    {
        e["type"] = "thread";
        e["runId"] = Ids.New();
        e["name"] = name;
        if (metadata is not null)
        {
            e["metadata"] = metadata;
        }
    });

    private static JsonObject New(string kind, Action<JsonObject> about, Action<JsonObject> more)
    {
        var e = new JsonObject
        {
            ["event"] = kind,
            ["timestamp"] = NextTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["runtime"] = Runtime,
        };
        about(e);
        more(e);
        return e;
    }

    /// <summary>The time, or a microsecond after the last one: what was tracked later is never shown before.</summary>
    private static DateTime NextTime()
    {
        long last, next;
        do
        {
            last = Volatile.Read(ref s_lastTicks);
            next = Math.Max(TimeProvider.System.GetUtcNow().UtcTicks, last + TimeSpan.TicksPerMicrosecond);
        }
        while (Interlocked.CompareExchange(ref s_lastTicks, next, last) != last);
        return new DateTime(next, DateTimeKind.Utc);
    }
}
