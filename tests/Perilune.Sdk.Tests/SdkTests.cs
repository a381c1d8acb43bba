using System.Text.Json.Nodes;

namespace Perilune.Sdk.Tests;

/// <summary>The unmodified npm packages, used as their users do, against the real server.</summary>
public sealed class SdkTests(FakeModel model)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAI_calls_are_monitored()
    {
        var session = await Session.RunAsync("openai.mjs", model, Cancel);

        Assert.Equal([FakeModel.Answer, "429"], session.Output);
        Assert.Equal(
            """
            llm gpt-5-mini success @zoë 120+34 #chat #größe
            llm gpt-5-mini-stream success ?+5 #stream
            llm gpt-5-tools success 120+34
            llm gpt-5-tools success 120+34
            llm busy error
            """,
            session.Tree);
        var plain = session.The("gpt-5-mini");
        AssertJson("""[{"role":"system","content":"Antworte knapp."},{"role":"user","content":"Wie ist das Wetter in Köln? ☀️ 東京も"}]""", plain["input"]);
        AssertJson($$"""{"role":"assistant","content":"{{FakeModel.Answer}}","refusal":null}""", plain["output"]);
        AssertJson("""{"name":"Zoë Ångström","plan":"pro"}""", plain["user"]!["props"]);
        AssertJson("""{"temperature":0.3}""", plain["params"]);
        AssertJson("""{"feature":"wetter"}""", plain["metadata"]);
        Assert.Equal(FakeModel.Answer, (string?)session.The("gpt-5-mini-stream")["output"]!["content"]);
        Assert.Single(session.Runs, static run => (string?)run["output"]?["tool_calls"]?.AsArray().FirstOrDefault()?["function"]!["arguments"] == """{"city":"Köln"}""");
        Assert.Equal("429 Zu viele Anfragen", (string?)session.The("busy")["error"]!["message"]);
    }

    [Fact]
    public async Task Anthropic_calls_are_monitored()
    {
        var session = await Session.RunAsync("anthropic.mjs", model, Cancel);

        Assert.Equal("llm claude-fake success @zoë 120(64)+34 #météo", session.Tree);
        Assert.Contains("Réponds brièvement.", session.Runs[0]["input"]!.ToJsonString(TestJson.Readable), StringComparison.Ordinal);
        Assert.Contains(FakeModel.Answer, session.Runs[0]["output"]!.ToJsonString(TestJson.Readable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_chains_and_tools_nest()
    {
        var session = await Session.RunAsync("agents.mjs", model, Cancel);

        Assert.Equal(["Kein Sensor in Köln", FakeModel.Answer], session.Output);
        Assert.Equal(
            """
            agent WeatherAgent success @müller
              tool measure success @müller #thermometer
              tool broken error @müller
              chain summarize success @müller
                llm gpt-5-mini success @müller 120+34
            tool measure success #thermometer
            """,
            session.Tree);
        var agent = session.The("WeatherAgent");
        Assert.Equal(FakeModel.Answer, (string?)agent["output"]);
        AssertJson("""{"tier":"pro"}""", agent["metadata"]);
        AssertJson("""{"email":"müller@example.com"}""", agent["user"]!["props"]);
        Assert.Equal("Kein Sensor in Köln", (string?)session.The("broken")["error"]!["message"]);
        Assert.Equal("Köln: 18 °C", (string?)session.The("summarize")["input"]);
    }

    [Fact]
    public async Task A_thread_is_cut_into_chats_and_a_retry_stands_beside_what_it_replaces()
    {
        var session = await Session.RunAsync("thread.mjs", model, Cancel);

        Assert.Equal(["""{"thumb":"up","comment":"parfait ✔"}"""], session.Output);
        Assert.Equal(
            """
            thread @user-7 #support
              chat @user-7
                agent lookup success @user-7
              chat @user-7 {"thumb":"up","comment":"parfait ✔"} ^
              chat @user-7 #polite {"thumb":"up"}
              custom-event escalated @user-7
            """,
            session.Tree);
        var (retry, thanks) = (session.Sent("answer-2"), session.Sent("thanks"));
        var first = session.Runs.Single(run => (string?)run["id"] == (string?)retry["siblingRunId"]);
        AssertJson("""[{"role":"user","content":"Où est ma facture ?"}]""", first["input"]);
        AssertJson("""[{"role":"user","content":"Où est ma facture ?"}]""", retry["input"]);
        Assert.Equal("Je ne sais pas.", (string?)first["output"]![0]!["content"]);
        Assert.Equal("La voici 📄", (string?)retry["output"]![0]!["content"]);
        Assert.Equal("Merci !", (string?)thanks["input"]![0]!["content"]);
        Assert.Null(thanks["output"]);
        AssertJson("""{"to":"human"}""", session.The("escalated")["metadata"]);
        AssertJson("""{"name":"Renée"}""", session.The("thread")["user"]!["props"]);
    }

    [Fact]
    public async Task Events_tracked_by_hand_and_logs_arrive()
    {
        var session = await Session.RunAsync("manual.mjs", model, Cancel);

        Assert.Equal(
            """
            llm llama-3 success @user-8 5(2)+6 #manual
            retriever vector-search success
            log info
            log warn
            log error
            """,
            session.Tree);
        var call = session.The("llama-3");
        Assert.Equal("8c9f1f3e-45a1-4f0e-9d1c-0c8f6d0e7a11", (string?)call["id"]);
        AssertJson("""[{"role":"user","content":"naïve"}]""", call["input"]);
        AssertJson("""{"role":"assistant","content":"«oui»"}""", call["output"]);
        AssertJson("""{"nested":{"a":[1,null]}}""", call["metadata"]);
        Assert.Equal("vector-search", (string?)session.Sent("not-a-uuid")["name"]);
        Assert.Contains("Suche läuft", session.The("info").ToJsonString(TestJson.Readable), StringComparison.Ordinal);
        Assert.Contains("Zeit um", session.The("error").ToJsonString(TestJson.Readable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scores_of_every_kind_are_kept()
    {
        var session = await Session.RunAsync("scores.mjs", model, Cancel, withPrivateKey: true);

        Assert.Equal("chain shout success", session.Tree);
        AssertJson(
            """
            [{"label":"accuracy","value":0.9,"comment":"knapp daneben"},{"label":"safe","value":true,"comment":null},{"label":"verdict","value":"très bien","comment":null}]
            """,
            new JsonArray([.. session.Runs[0]["scores"]!.AsArray().OrderBy(static score => (string)score!["label"]!, StringComparer.Ordinal).Select(static score => score!.DeepClone())]));
    }

    [Fact]
    public async Task LangChain_callbacks_arrive()
    {
        var session = await Session.RunAsync("langchain.mjs", model, Cancel);

        Assert.Equal([FakeModel.Answer], session.Output);
        Assert.Equal(
            """
            chain RunnableSequence success @user-9 #lc
              chain ChatPromptTemplate success @user-9 #seq:step:1 #lc
              llm gpt-5-mini success @user-9 120+34 #seq:step:2 #lc
              chain StrOutputParser success @user-9 #seq:step:3 #lc
            """,
            session.Tree);
    }

    /// <summary>LangSmith's SDK, and LangChain by the environment alone.</summary>
    [Fact]
    public async Task LangSmith_traces_arrive()
    {
        var session = await Session.RunAsync("langsmith.mjs", model, Cancel);

        Assert.Equal([FakeModel.Answer, "429"], session.Output);
        Assert.Equal(
            """
            thread @müller
              chain WeatherAgent success @müller #wetter
                tool measure success @müller
                llm gpt-5-mini success @müller 120+34
            llm busy error
            chain poem success #lc
              chain ChatPromptTemplate success #lc
              llm gpt-5-mini success 120+34 #lc
              chain StrOutputParser success #lc
            """,
            session.Tree);
        var call = session.Runs.First(run => (string?)run["name"] == "gpt-5-mini");
        Assert.Contains(FakeModel.Answer, call["output"]!.ToJsonString(TestJson.Readable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_are_rendered_and_their_runs_name_the_version()
    {
        var session = await Session.RunAsync("templates.mjs", model, Cancel, templates:
        [
            new()
            {
                ["slug"] = "meteo", ["mode"] = "openai",
                ["content"] = JsonNode.Parse("""[{"role":"system","content":"Tu aides {{nom}}."},{"role":"user","content":"{{question}}"}]"""),
                ["extra"] = JsonNode.Parse("""{"model":"gpt-5-mini","temperature":0.7,"maxTokens":150}"""),
            },
            new() { ["slug"] = "salut", ["mode"] = "text", ["content"] = "Hello {{name}}, welcome to {{company}}!" },
        ]);

        AssertJson(
            """{"model":"gpt-5-mini","temperature":0.7,"max_tokens":150,"messages":[{"role":"system","content":"Tu aides Zoë."},{"role":"user","content":"Pluie ☔ ?"}],"templateId":"1"}""",
            JsonNode.Parse(session.Output[0]));
        AssertJson("""{"prompt":"Hello Ada, welcome to Lovelace & Co!","templateId":"2"}""", JsonNode.Parse(session.Output[1]));
        Assert.Equal("Template not found, is the project ID correct?", session.Output[2]);
        Assert.Equal("llm gpt-5-mini success 120+34", session.Tree);
        Assert.Equal("1", (string?)session.Runs[0]["templateVersionId"]);
        Assert.Equal("meteo", (string?)session.Runs[0]["templateSlug"]);
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(TestJson.Readable), actual?.ToJsonString(TestJson.Readable));
}
