using System.Text.Json;

namespace Perilune.Load.Traffic;

/// <summary>The runs of one trace, each sent as the SDK would: a start, and after a while an end or an error.</summary>
internal sealed class TraceSteps(TrafficOptions options, int index, Dice dice, EventSink sink)
{
    private readonly TraceContext _context = new(options, index, dice);

    public string Start(string type, string name, string? parent, Action<Utf8JsonWriter> input, bool described = false)
    {
        var id = dice.Uuid();
        var json = sink.Open("start", type, id, parent, _context.Now);
        json.WriteString("name", name);
        _context.WriteUser(json);
        input(json);
        if (described)
        {
            _context.WriteMetadata(json);
            _context.WriteTags(json, "tags");
        }

        sink.Close(runs: 1);
        _context.Pass(2);
        return id;
    }

    /// <returns>False when the run ended in an error instead.</returns>
    public bool End(string type, string id, Action<Utf8JsonWriter> output, double millis)
    {
        _context.Pass(millis);
        var failed = dice.Chance(options.ErrorRate);
        var json = sink.Open(failed ? "error" : "end", type, id, null, _context.Now);
        if (failed)
        {
            var message = dice.Pick(Catalogue.Failures);
            json.WriteStartObject("error");
            json.WriteString("message", message);
            json.WriteString("stack", $"Error: {message}\n    at {type} (/srv/app/{type}.js:{dice.Below(400)}:11)\n    at async main (/srv/app/index.js:7:3)");
            json.WriteEndObject();
        }
        else
        {
            output(json);
        }

        sink.Close();
        return !failed;
    }

    /// <summary>One model call on top of <paramref name="history"/>, to which the reply is added.</summary>
    /// <returns>The text of the reply, or the id of the tool call when <paramref name="tool"/> is what the model asks for.</returns>
    public string Llm(string? parent, List<byte[]> history, bool withTools, string? tool)
    {
        var model = dice.Pick(Catalogue.Models);
        var id = dice.Uuid();
        var json = sink.Open("start", "llm", id, parent, _context.Now);
        json.WriteString("name", model);
        _context.WriteUser(json);
        Messages.WriteAll(json, "input", history);
        ToolSpecifications.WriteParams(json, dice, withTools);
        _context.WriteMetadata(json);
        _context.WriteTags(json, "tags");
        sink.Close(runs: 1);

        var (said, reply) = Reply(tool);
        var tokens = (Prompt: history.Sum(static m => m.Length) / 4.3, Completion: reply.Length / 4.3);
        history.Add(reply);
        var succeeded = End("llm", id, end =>
        {
            end.WritePropertyName("output");
            end.WriteRawValue(reply, skipInputValidation: true);
            end.WriteStartObject("tokensUsage");
            end.WriteNumber("prompt", (int)tokens.Prompt);
            end.WriteNumber("completion", 1 + (int)tokens.Completion);
            end.WriteEndObject();
        }, dice.LogNormal(1500, 0.8));
        if (succeeded && dice.Chance(0.04))
        {
            Feedback(id);
        }

        return said;
    }

    public void Tool(string? parent, string name, List<byte[]> history, string callId)
    {
        var id = Start("tool", name, parent, json =>
        {
            json.WriteStartObject("input");
            json.WriteString("query", Prose.Write(dice, 40));
            json.WriteEndObject();
        });
        var found = Prose.Write(dice, Math.Min(15_000, dice.LogNormal(330, 1.1)));
        End("tool", id, json =>
        {
            json.WriteStartObject("output");
            json.WriteNumber("matches", dice.Below(900));
            json.WriteString("text", found);
            json.WriteEndObject();
        }, dice.LogNormal(140, 1));
        history.Add(Messages.ToolResult(callId, found));
    }

    public void Retrieve(string? parent)
    {
        var name = dice.Pick(Catalogue.Retrievers);
        var id = Start("retriever", name, parent, json => json.WriteString("input", Prose.Write(dice, 60)));
        End("retriever", id, json =>
        {
            json.WriteStartArray("output");
            for (var left = 2 + dice.Below(4); left > 0; left--)
            {
                json.WriteStartObject();
                json.WriteString("id", $"doc-{dice.Below(50_000)}");
                json.WriteString("title", Prose.Write(dice, 40));
                json.WriteString("summary", Prose.Write(dice, 150 + (400 * dice.Next())));
                json.WriteNumber("score", Math.Round(dice.Next(), 3));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }, dice.LogNormal(70, 0.7));
    }

    public string Chat(string thread, string role, string content, int runs)
    {
        _context.Pass(role == "user" ? dice.LogNormal(15_000, 0.8) : 200);
        var id = dice.Uuid();
        var json = sink.Open("chat", "thread", id, thread, _context.Now);
        _context.WriteUser(json);
        _context.WriteTags(json, "threadTags");
        json.WriteStartObject("message");
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
        sink.Close(runs);
        return id;
    }

    private void Feedback(string runId)
    {
        var json = sink.Open("feedback", null, runId, null, _context.Now + 1);
        json.WriteBoolean("overwrite", false);
        json.WriteStartObject("feedback");
        json.WriteString("thumb", dice.Chance(0.6) ? "up" : "down");
        if (dice.Chance(0.3))
        {
            json.WriteString("comment", Prose.Write(dice, 60));
        }

        json.WriteEndObject();
        sink.Close();
    }

    private (string Said, byte[] Message) Reply(string? tool)
    {
        if (tool is null)
        {
            var text = Prose.Write(dice, Math.Min(20_000, dice.LogNormal(440, 0.95)));
            return (text, Messages.Text("assistant", text));
        }

        var callId = $"call_{dice.Uuid()[..8]}";
        return (callId, Messages.ToolCall(callId, tool, $$"""{"query":"{{Prose.Write(dice, 30).ReplaceLineEndings(" ")}}","limit":{{dice.Below(20)}}}"""));
    }
}
