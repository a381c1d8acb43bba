namespace Perilune.Ingest.Tests.Replay;

/// <summary>What the recorded sessions say, written out by hand from reading the bodies.</summary>
public static class ReplayFacts
{
    private const string Answer = "It is 18 °C and sunny in Paris ☀️.";

    public static TheoryData<string, string> Trees => new()
    {
        {
            "lunary-sdk",
            """
            llm gpt-4o success @user-123 23+7 #chat #prod
            llm gpt-4o-mini success @user-123 ?+7 #stream
            llm gpt-4o success 23+7
            llm gpt-4o success 23+7
            llm gpt-4o running
            llm gpt-4o success 23+7
            agent TranslatorAgent success @user-456 #agent-tag
              tool calculator success @user-456 #math
              chain summarize success @user-456
                llm gpt-4o success @user-456 23+7
            llm my-model-7b success 3+4
            thread @user-789 #support
              chat @user-789 {"thumb":"down","comment":"not helpful"}
              chat @user-789 #ty {"thumb":"up"}
              custom-event escalated @user-789
            thread @user-789
              chat @user-789
                agent timeAgent success @user-789
                  llm gpt-4o success @user-789 23+7
            llm gpt-4 success @user-manual 5+6 #manual
            retriever vector-search success
            embedding text-embedding-3-small success 2+0
            log info
            llm gpt-4o-mini success 23+7
            llm gpt-4o success
            thread @web-user-1 #web
              chat @web-user-1
            chain RunnableSequence success @lc-user #lc
              chain ChatPromptTemplate success @lc-user #seq:step:1 #lc
              llm gpt-4o success @lc-user 23+7 #seq:step:2 #lc
              chain StrOutputParser success @lc-user #seq:step:3 #lc
            llm gpt-4o success 23+7
            """
        },
        {
            "lunary-js",
            """
            agent WeatherAgent success @user-42 #demo #beta
              tool get_weather success @user-42
              llm gpt-5-mini success @user-42 120+34 #call
            chain BadChain error
            llm llama-3 success 5+2
            thread @user-42 #chatbot
              chat @user-42 {"thumb":"up","comment":"great"}
              custom-event opened-doc @user-42
            log thing
            llm gpt-5-mini success 120+34
            llm gpt-5-mini success @user-42 120+34
            llm gpt-5-mini success 120+34
            llm gpt-5-mini success 120+34
            llm gpt-5-mini running
            llm gpt-5-mini success ?+7
            llm gpt-5-mini success 120+34
            llm gpt-5-mini success 120+34
            llm gpt-5-mini running
            llm gpt-5-mini success 120+34
            llm err-429 error
            llm err-400 error
            llm claude-sonnet-4-5 success 120(64)+34
            llm claude-sonnet-4-5 success 120(64)+34
            llm claude-sonnet-4-5 success 120(64)+34
            llm claude-sonnet-4-5 success 120(64)+34
            llm claude-sonnet-4-5 success 120(64)+34
            llm err-429 error
            """
        },
        {
            "langchain-lunary-js",
            """
            chain RunnableSequence success @user-42 #demo #beta
              chain ChatPromptTemplate success @user-42 #seq:step:1 #demo #beta
              llm gpt-5-mini success @user-42 120+34 #seq:step:2 #demo #beta
              chain StrOutputParser success @user-42 #seq:step:3 #demo #beta
            llm gpt-5-mini success @user-42 120+34 #demo #beta
            chain CompiledStateGraph success @user-42 #demo #beta
              chain RunnableSequence success @user-42 #graph:step:0 #demo #beta #langsmith:hidden
              chain RunnableSequence success @user-42 #graph:step:1 #demo #beta
                llm gpt-5-mini success @user-42 120+34 #demo #beta
                chain RunnableLambda success @user-42 #demo #beta
              chain RunnableSequence success @user-42 #graph:step:2 #demo #beta
                tool DynamicStructuredTool success @user-42 #demo #beta
              chain RunnableSequence success @user-42 #graph:step:3 #demo #beta
                llm gpt-5-mini success @user-42 120+34 #demo #beta
                chain RunnableLambda success @user-42 #demo #beta
            retriever R success @user-42 #demo #beta
            llm err-429 error @user-42 #demo #beta
            """
        },
    };

    /// <summary>Folder, run, input and output.</summary>
    public static TheoryData<string, string, string, string> Payloads => new()
    {
        {
            "lunary-sdk", "2c0d0e94-c2ee-4426-84a6-2af91a768236",
            """[{"role":"system","content":"You are helpful."},{"role":"user","content":"Hello!"}]""",
            """{"role":"assistant","content":"Hello from the fake model.","refusal":null}"""
        },
        { "lunary-sdk", "de0d2f5b-214b-4551-a0ae-d1019cc88d41", "\"1+2\"", "3" },
        { "lunary-sdk", "2b0201e2-3b5f-4912-fab9-6cb6e1293050", """{"text":"Translate hello","n":3}""", "\"Hello from the fake model.\"" },
        { "lunary-sdk", "my-non-uuid-id-1", "\"query\"", """[{"id":"1","title":"Doc 1","source":"s","summary":"sum"}]""" },
        {
            "lunary-sdk", "caee0cad-e6ff-4558-da59-e931c3937c29",
            """[{"role":"user","content":"Hi, my invoice is wrong"}]""",
            """[{"role":"assistant","content":"Let me check","extra":{"lang":"en"}}]"""
        },
        {
            "lunary-sdk", "448c4628-e246-4722-b0fc-19f36cd8e024", """[{"role":"user","content":"from browser"}]""", ""
        },
        { "lunary-sdk", "ab418777-06b7-4c70-c633-6e7df7d01afe", "", "" },
        {
            "lunary-js", "01a87b64-7ce5-4c10-ce27-57ce5f94026a",
            """[{"role":"user","content":"Weather in Paris?"}]""",
            $$"""{"role":"assistant","content":"{{Answer}}","refusal":null}"""
        },
        {
            "lunary-js", "13126481-174b-4f4f-c390-eca194a023a0",
            """[{"role":"user","content":"Weather in Paris?"}]""",
            """{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_000222","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Paris\"}"}}]}"""
        },
        {
            "lunary-js", "11111111-1111-4111-8111-111111111111",
            """[{"role":"user","content":"Weather in Paris?"}]""",
            """[{"role":"assistant","content":"Sunny","id":"11111111-1111-4111-8111-111111111111","isRetry":false,"enableFeedback":true}]"""
        },
        { "langchain-lunary-js", "01a20853-7038-76cd-a960-2a327f642f74", """{"p":"terse","city":"Paris"}""", $"\"{Answer}\"" },
        { "langchain-lunary-js", "01a20853-71b1-720e-bb0f-76f34a7721c1", "\"weather\"", """[{"summary":"Paris is sunny","source":"a.txt"}]""" },
    };
}
