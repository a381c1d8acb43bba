using CsCheck;
using Perilune.Model;
using Perilune.Server.Features.Traces.Messages;
using Perilune.Server.Ui.Json;

namespace Perilune.Server.Tests.Dashboard;

public sealed class MessageReaderTests
{
    [Theory]
    [InlineData("OpenAI", """[{"role":"system","content":"Be terse."},{"role":"user","content":"Hi"}]""", "system: Be terse. | user: Hi")]
    [InlineData("OpenAI answer", """{"role":"assistant","content":"Hello","refusal":null,"tool_calls":[]}""", "assistant: Hello")]
    [InlineData("OpenAI parts", """[{"role":"user","content":[{"type":"text","text":"what is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]""", "user: what is this? [picture]")]
    [InlineData("OpenAI tool call", """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]}""", "assistant: get_weather(city=Paris)")]
    [InlineData("camel case", """{"role":"assistant","toolCalls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\":1}"}}]}""", "assistant: f(a=1)")]
    [InlineData("old function call", """{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"not json"}}""", "assistant: f(not json)")]
    [InlineData("OpenAI tool result", """[{"role":"tool","content":"{\"temp\":21}","tool_call_id":"call_abc123"}]""", "tool: result of call_abc123 [{\"temp\":21}]")]
    [InlineData("OpenAI completion", """{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"}}]}""", "assistant: Hi")]
    [InlineData("refusal", """{"role":"assistant","content":null,"refusal":"I cannot"}""", "assistant: refused I cannot")]
    [InlineData("Anthropic", """{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Yes"},{"type":"tool_use","id":"t1","name":"f","input":{"a":true}}]}""", "assistant: (hm) Yes f(a=true)")]
    [InlineData("Anthropic result", """[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"ok"}],"is_error":true}]}]""", "user: failed result of t1 [ok]")]
    [InlineData("Anthropic blocks alone", """[{"type":"text","text":"Yes"}]""", "assistant: Yes")]
    [InlineData("Gemini", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}]}""", "user: Hi | assistant: f(a=1)")]
    [InlineData("Gemini response", """{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{}}""", "assistant: Hi")]
    [InlineData("OpenTelemetry", """[{"role":"assistant","parts":[{"type":"text","content":"Hi"},{"type":"tool_call","id":"1","name":"f","arguments":{"a":1}},{"type":"tool_call_response","id":"1","response":"ok"}]}]""", "assistant: Hi f(a=1) result of 1 [ok]")]
    [InlineData("Lunary's text", """[{"role":"user","text":"yo"}]""", "user: yo")]
    [InlineData("LangChain", """{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"","additional_kwargs":{"tool_calls":[{"id":"c","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]},"tool_calls":[{"name":"get_weather","args":{"city":"Paris"},"id":"c"}]}}""", "assistant: get_weather(city=Paris)")]
    [InlineData("LangChain prompt", """{"lc":1,"type":"constructor","id":["langchain_core","prompt_values","ChatPromptValue"],"kwargs":{"messages":[{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"the sea"}}]}}""", "user: the sea")]
    [InlineData("LangChain state", """{"messages":[{"lc":1,"type":"constructor","id":["langchain_core","messages","ToolMessage"],"kwargs":{"status":"success","content":"18","tool_call_id":"c","name":"get_weather"}}]}""", "tool: result of get_weather [18]")]
    [InlineData("LangChain result", """{"generations":[[{"text":"18","message":{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"18"}}},{"text":"19"}]],"llmOutput":{}}""", "assistant: 18 | assistant: 19")]
    [InlineData("LangChain stored", """[{"type":"human","data":{"content":"Hi"}}]""", "user: Hi")]
    [InlineData("nested once", """[[{"role":"user","content":"Hi"}]]""", "user: Hi")]
    [InlineData("OpenAI response", """{"id":"resp_1","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}]}""", "assistant: (hm) f(a=1) Hi")]
    [InlineData("documents of a retriever", """{"documents":[{"pageContent":"Several keys.","metadata":{"source":"keys.md"}}]}""", "assistant: doc : Several keys. (keys.md, )")]
    [InlineData("only text", """{"content":"Hi"}""", "assistant: Hi")]
    [InlineData("text", "\"Hello\"", "assistant: Hello")]
    [InlineData("documents", """[{"id":"1","title":"Refunds","summary":"In full.","source":"kb","score":0.9}]""", "assistant: doc Refunds: In full. (kb, 0.9)")]
    [InlineData("LangChain documents", """[{"pageContent":"Several keys.","metadata":{"source":"keys.md"}}]""", "assistant: doc : Several keys. (keys.md, )")]
    [InlineData("anything else", """{"city":"Paris","days":[1,2]}""", ": json")]
    [InlineData("a list of numbers", "[1,2,3]", ": json")]
    [InlineData("unknown part", """[{"role":"user","content":[{"type":"hologram","data":1}]}]""", "user: json")]
    [InlineData("a picture taken out", """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"@@@langfuseMedia:type=image/png|id=a3-k|source=base64_data_uri@@@"}}]}]""", "user: image/png a3-k")]
    [InlineData("Anthropic's picture taken out", """[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"@@@langfuseMedia:type=image\/png|id=a3-k|source=bytes@@@"}}]}]""", "user: image/png a3-k")]
    [InlineData("sound taken out", """[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"@@@langfuseMedia:type=audio/wav|id=a3-k|source=bytes@@@","format":"wav"}}]}]""", "user: audio/wav a3-k")]
    [InlineData("a file taken out", """[{"role":"user","content":[{"type":"file","data":"@@@langfuseMedia:type=application/pdf|id=a3-k|source=bytes@@@","mediaType":"application/pdf"}]}]""", "user: application/pdf a3-k")]
    [InlineData("a file that is there", """[{"role":"user","content":[{"type":"file","data":"JVBERi0=","mediaType":"application/pdf"}]}]""", "user: json")]
    [InlineData("sound that is there", """[{"role":"user","content":[{"type":"blob","mime_type":"audio/wav","content":"UklGRg=="}]}]""", "user: json")]
    [InlineData("null", "null", "")]
    [InlineData("no JSON", "{oops", "assistant: json")]
    public void Reads(string shape, string payload, string expected)
    {
        _ = shape;
        Assert.Equal(expected, Text(MessageReader.Read(RawJson.Parse(payload), "assistant")));
    }

    [Fact]
    public void Reads_every_recorded_payload()
    {
        var payloads = Directory.EnumerateFiles(Fixtures.Folder, "*.json", SearchOption.AllDirectories).SelectMany(Fixtures.PayloadsOf).ToList();

        Assert.True(payloads.Count > 100);
        Assert.All(payloads, p => Assert.NotEmpty(MessageReader.Read(p, "user").Messages));
    }

    [Fact]
    public void Cuts_a_string_of_ten_megabytes()
    {
        var text = Assert.IsType<TextPart>(Single(RawJson.OfString(new string('a', 10_000_000)))).Text;

        Assert.Equal(PartReader.TextLimit, text.Text.Length);
        Assert.Equal(10_000_000 - PartReader.TextLimit, text.BytesLeft);
    }

    [Fact]
    public void Reads_ten_thousand_levels()
    {
        var deep = RawJson.Parse(string.Concat(Enumerable.Repeat("""{"messages":[""", 10_000)) + string.Concat(Enumerable.Repeat("]}", 10_000)));

        Assert.True(Assert.IsType<JsonPart>(Single(deep)).Value.IsCut);
    }

    [Fact]
    public void Keeps_the_ends_of_a_long_conversation()
    {
        var messages = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""{"role":"user","content":"{{i}}"}"""));

        var conversation = MessageReader.Read(RawJson.Parse($"[{messages}]"), "user");

        Assert.Equal((200, 800, 20), (conversation.Messages.Count, conversation.Omitted, conversation.OmittedAt));
        Assert.Equal(["0", "999"], new[] { conversation.Messages[0], conversation.Messages[^1] }.Select(m => ((TextPart)m.Parts[0]).Text.Text));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"a\ud800b\u0000c"}""", "user: a�b␀c")]
    [InlineData("""{"role":"user","\ud800":1,"content":"Hi"}""", "user: Hi")]
    [InlineData("""{"role":"user","content":"\ud83d\ude00"}""", "user: 😀")]
    public void Shows_text_that_no_string_can_hold(string payload, string expected) =>
        Assert.Equal(expected, Text(MessageReader.Read(RawJson.Parse(payload), "user")));

    [Fact]
    public void Never_shows_what_another_server_would_have_to_send()
    {
        var picture = Assert.IsType<ImagePart>(Single(RawJson.Parse("""{"type":"image_url","image_url":{"url":"https://example.com/x.png"}}""")));
        var script = Assert.IsType<ImagePart>(Single(RawJson.Parse("""{"type":"image_url","image_url":{"url":"javascript:alert(1)"}}""")));

        Assert.Equal(new ImagePart(null, "https://example.com/x.png"), picture);
        Assert.Equal(new ImagePart(null, null), script);
    }

    [Fact]
    public void Never_fails_on_bytes()
    {
        string[] words = ["{", "}", "[", "]", "\"", ":", ",", "\\ud800", "\\u0000", "role", "content", "lc", "kwargs", "type", "text", "1", "null", " ", "é", "tool_calls", "@@@langfuseMedia:type=image/png|id=a", "|source=bytes@@@"];
        var pieces = Gen.Int[0, words.Length - 1].Select(i => words[i]);
        Gen.Select(pieces.Array[0, 40], Gen.Byte.Array[0, 4]).Sample((text, tail) =>
        {
            byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(string.Concat(text)), .. tail];
            if (bytes.Length == 0)
            {
                return;
            }

            var payload = new RawJson(bytes);
            _ = MessageReader.Read(payload, "user");
            _ = Preview.OfInput(payload);
            _ = MediaReference.In(payload);
            _ = Preview.OfError(payload);
            _ = JsonView.Of(payload);
        });
    }

    private static Part Single(RawJson payload) => Assert.Single(Assert.Single(MessageReader.Read(payload, "user").Messages).Parts);

    private static string Text(Conversation conversation) => string.Join(" | ", conversation.Messages.Select(m => $"{m.Role}: {string.Join(' ', m.Parts.Select(Text))}"));

    private static string Text(Part part) => part switch
    {
        TextPart text => text.Text.Text,
        ThinkingPart thought => $"({thought.Text.Text})",
        RefusalPart refusal => $"refused {refusal.Text.Text}",
        ToolCallPart call => $"{call.Name}({string.Join(", ", call.Arguments!.Members.Select(m => $"{m.Name}={m.Value.Text.Text}"))}{call.Arguments.Text.Text})",
        ToolResultPart result => $"{(result.IsError ? "failed " : "")}result of {result.Name ?? result.CallId} [{string.Join(' ', result.Content.Select(Text))}]",
        ImagePart { DataUri: not null } => "[picture]",
        MediaPart medium => $"{medium.Type} {medium.Id}",
        DocumentPart doc => $"doc {doc.Title}: {doc.Text?.Text} ({doc.Source}, {doc.Score})",
        JsonPart => "json",
        _ => part.ToString(),
    };
}
