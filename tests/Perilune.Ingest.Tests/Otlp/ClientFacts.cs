using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>What a client's recorded traffic must come to. Tokens are of counted calls only.</summary>
/// <param name="Types">How many runs of each type, without plain log records.</param>
/// <param name="Calls">Model calls that count.</param>
/// <param name="Tools">Tool calls that count.</param>
/// <param name="Users">The users that runs name themselves.</param>
/// <param name="FirstTokens">Runs whose time to the first token is known.</param>
/// <param name="Answers">Model calls whose output has the fake model's sentence, letter for letter.</param>
internal sealed record ClientFacts(
    string Client, string Types, int Calls, long Input, long Output, long CacheRead, long CacheWrite, long Reasoning,
    int Tools, int Errors, string Users, int Threads, string Tags, int FirstTokens, int Answers)
{
    public const string Sentence = "It is 18 °C and sunny in Paris ☀️.";

    /// <summary>
    /// The fake model always answers with 120 tokens in (64 of them cached, for Anthropic 16 written to the cache) and 34
    /// out (16 of reasoning, for OpenAI); an embedding takes 9. Everything here follows from that and from which calls
    /// the scenario of the client makes, less what the client does not send.
    /// </summary>
    public static readonly IReadOnlyList<ClientFacts> All =
    [
        new("anthropic-dotnet", "chain=1 llm=6 plumbing=7 span=3 tool=1", 4, 480, 136, 256, 64, 0, 1, 0, "", 0, "", 1, 4),
        new("anthropic-dotnet-nocontent", "chain=1 llm=6 plumbing=7 span=3 tool=1", 4, 480, 136, 256, 64, 0, 1, 0, "", 0, "", 1, 0),
        new("claude-code", "agent=1 llm=2", 2, 240, 68, 128, 32, 0, 0, 0, "ac213d17", 1, "", 2, 0),
        new("codex-cli", "agent=1 llm=2 plumbing=588 tool=1", 2, 240, 68, 128, 0, 32, 1, 1, "", 1, "", 0, 0),
        new("langchain-openinference-js", "chain=10 llm=5 retriever=1 tool=1", 5, 480, 136, 256, 0, 64, 1, 1, "user-42", 1, "", 0, 3),
        new("langchain-traceloop-js", "chain=10 llm=5 tool=1", 5, 480, 136, 0, 0, 0, 1, 1, "", 0, "", 0, 3),
        new("langfuse-js", "agent=2 chain=1 embedding=1 evaluator=1 guardrail=1 llm=16 retriever=1 tool=1", 17, 1330, 379, 707, 0, 178, 1, 3, "user-42", 1, "beta,demo", 5, 8),
        new("meai", "chain=6 embedding=1 llm=9 plumbing=3 span=9 tool=1", 10, 1089, 306, 576, 0, 144, 1, 1, "user-42", 1, "", 1, 6),
        new("meai-grpc", "chain=6 embedding=1 llm=9 plumbing=3 span=9 tool=1", 10, 1089, 306, 576, 0, 144, 1, 1, "user-42", 1, "", 1, 6),
        new("meai-nocontent", "chain=6 embedding=1 llm=9 plumbing=3 span=9 tool=1", 10, 1089, 306, 576, 0, 144, 1, 1, "", 1, "", 1, 0),
        new("openinference-js", "agent=1 embedding=1 llm=24 retriever=1", 19, 1680, 476, 896, 80, 144, 0, 2, "user-42", 1, "beta,demo", 1, 11),
        new("sdk-proto", "agent=1 llm=1", 1, 120, 34, 64, 0, 16, 0, 0, "user-42", 1, "demo", 0, 1),
        new("sdk-proto-aspnet", "agent=1 llm=1 span=1", 1, 120, 34, 64, 0, 16, 0, 0, "user-42", 1, "demo", 0, 1),
        new("semantic-kernel", "chain=4 llm=5 span=4 tool=1", 5, 360, 102, 0, 0, 0, 1, 2, "", 0, "", 0, 3),
        new("vercel-ai-sdk-v6", "chain=11 embedding=2 llm=12 tool=3", 14, 1218, 340, 576, 0, 144, 3, 5, "user-42", 1, "beta,demo", 3, 6),
        new("vercel-ai-sdk-v7", "agent=10 chain=13 embedding=4 llm=14 tool=4", 16, 1458, 408, 768, 32, 160, 4, 7, "", 0, "", 3, 7),
        new("vercel-ai-sdk-v7-grpc", "agent=1 chain=1 llm=1", 1, 120, 34, 64, 0, 0, 0, 0, "", 0, "", 0, 1),
        new("vercel-ai-sdk-v7-json", "agent=10 chain=13 embedding=4 llm=14 tool=4", 16, 1458, 408, 768, 32, 160, 4, 7, "user-42", 1, "beta,demo", 3, 7),
        new("langsmith", "chain=10 llm=5 retriever=1 tool=1", 5, 480, 136, 256, 0, 64, 1, 1, "user-42", 1, "beta,demo", 1, 3),
        new("langsmith-nomp", "chain=10 llm=5 retriever=1 tool=1", 5, 480, 136, 256, 0, 64, 1, 1, "user-42", 1, "beta,demo", 1, 3),
        new("openai-agents-js", "agent=2 chain=7 llm=3 tool=1", 3, 240, 68, 128, 0, 0, 1, 5, "user-42", 1, "", 0, 0),
        new("opik-js", "chain=16 embedding=1 llm=15", 16, 1339, 379, 704, 0, 176, 0, 2, "user-42", 1, "demo", 0, 8),
        new("langchain-lunary-js", "chain=10 llm=5 retriever=1 tool=1", 5, 480, 136, 0, 0, 0, 1, 1, "user-42", 0, "beta,demo,graph:step:0,graph:step:1,graph:step:2,graph:step:3,langsmith:hidden,seq:step:1,seq:step:2,seq:step:3", 0, 3),
        new("lunary-js", "agent=1 chain=1 chat=1 custom-event=1 llm=20 tool=1", 20, 1565, 451, 320, 80, 0, 1, 4, "user-42", 1, "beta,call,chatbot,demo", 0, 10),
        new("lunary-sdk", "agent=2 chain=4 chat=4 custom-event=1 embedding=1 llm=15 retriever=1 tool=1", 16, 217, 80, 0, 0, 0, 1, 0, "lc-user,user-123,user-456,user-789,user-manual,web-user-1", 3, "agent-tag,chat,lc,manual,math,prod,seq:step:1,seq:step:2,seq:step:3,stream,support,ty,web", 0, 0),
    ];

    public static ClientFacts Of(string client, IReadOnlyList<Run> runs)
    {
        var counted = OtlpFixture.Counted(runs);
        var calls = counted.Where(run => RunTypes.IsModelCall(run.Type)).ToList();
        long Sum(Func<Usage, long?> count) => calls.Sum(run => run.Usage is null ? 0 : count(run.Usage) ?? 0);
        return new ClientFacts(
            client,
            string.Join(' ', runs.Where(run => run.Type is not (RunTypes.Log or RunTypes.Thread)).GroupBy(run => run.Type).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}={g.Count()}")),
            calls.Count, Sum(u => u.Input), Sum(u => u.Output), Sum(u => u.CacheRead), Sum(u => (u.CacheWrite5m ?? 0) + (u.CacheWrite1h ?? 0)), Sum(u => u.Reasoning),
            counted.Count(run => run.Type == RunTypes.Tool),
            runs.Count(run => run.Status == RunStatus.Error),
            string.Join(',', runs.Select(run => run.User.Own).OfType<string>().Select(user => user.Length > 20 ? user[..8] : user).Distinct().Order(StringComparer.Ordinal)),
            runs.Count(run => run.Type == RunTypes.Thread),
            string.Join(',', runs.SelectMany(run => run.Tags).Distinct().Order(StringComparer.Ordinal)),
            runs.Count(run => run.TimeToFirstToken is not null),
            runs.Count(run => run.Type == RunTypes.Llm && Model.Filtering.PayloadText.Contains(run.Output, Sentence)));
    }
}
