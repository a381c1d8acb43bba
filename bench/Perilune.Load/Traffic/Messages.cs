using System.Buffers;
using System.Text.Json;

namespace Perilune.Load.Traffic;

/// <summary>Chat messages as ready JSON, because a conversation sends the same ones again with every call.</summary>
internal static class Messages
{
    private static readonly Dictionary<string, byte[]> s_instructions = Catalogue.Agents.Concat(Catalogue.Chains).Append("")
        .Select((name, i) => (name, Text("system", $"You are {name}. {Prose.Write(new Dice(3, i), 300 + (i * 100))}")))
        .ToDictionary(pair => pair.name, pair => pair.Item2, StringComparer.Ordinal);

    /// <summary>The system prompt of an application, the same in each of its calls.</summary>
    public static byte[] Instructions(string application) => s_instructions[application];

    public static byte[] Text(string role, string content) => Object(json =>
    {
        json.WriteString("role", role);
        json.WriteString("content", content);
    });

    public static byte[] ToolCall(string callId, string tool, string arguments) => Object(json =>
    {
        json.WriteString("role", "assistant");
        json.WriteNull("content");
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteString("id", callId);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", tool);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    public static byte[] ToolResult(string callId, string content) => Object(json =>
    {
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", callId);
        json.WriteString("content", content);
    });

    /// <summary>What came before: a system prompt and turns of user and assistant, the last one the user's.</summary>
    public static List<byte[]> Conversation(Dice dice, string application)
    {
        var history = new List<byte[]> { Instructions(application) };
        var left = Math.Min(150_000, dice.LogNormal(1150, 1.42)) - history[0].Length;
        for (var fromUser = true; left > 0 || !fromUser; fromUser = !fromUser)
        {
            var wanted = Math.Max(30, Math.Min(left, dice.LogNormal(fromUser ? 230 : 620, 0.8)));
            var content = WithNeedles(dice, Prose.Write(dice, wanted));
            history.Add(Text(fromUser ? "user" : "assistant", content));
            left -= content.Length;
        }

        if (history.Count % 2 == 1)
        {
            history.Add(Text("user", Prose.Write(dice, 60)));
        }

        return history;
    }

    public static void WriteAll(Utf8JsonWriter json, string property, IEnumerable<byte[]> messages)
    {
        json.WriteStartArray(property);
        foreach (var message in messages)
        {
            json.WriteRawValue(message, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    /// <summary>Words for the search queries to find: in about one of a hundred messages, and one of ten thousand.</summary>
    private static string WithNeedles(Dice dice, string content) => dice.Next() switch
    {
        < 0.0002 => content + " zebrafish42",
        < 0.0192 => content + " overdue-invoice",
        _ => content,
    };

    private static byte[] Object(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(bytes, EventSink.Json);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
