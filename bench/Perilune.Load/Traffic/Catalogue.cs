namespace Perilune.Load.Traffic;

/// <summary>The names that appear in the traffic.</summary>
internal static class Catalogue
{
    /// <summary>The model that 1 % of the calls use.</summary>
    public const string RareModel = "orbit-tuned-8b";

    public static readonly string[] Models = Weighted(
        ("gpt-4o-mini", 25), ("gpt-4o", 19), ("gpt-4.1", 12), ("gpt-4.1-mini", 10), ("claude-sonnet-4-5", 14), ("claude-haiku-4-5", 8),
        ("gemini-2.5-flash", 6), ("mistral-large-latest", 3), ("o4-mini", 2), (RareModel, 1));

    public static readonly string[] Agents =
        ["helpdesk", "deep-research", "sales-assistant", "pull-request-reviewer", "trip-planner", "billing-desk", "warehouse-analyst"];

    public static readonly string[] Chains = ["answer-with-sources", "summarise", "route-intent", "rewrite-question", "extract-fields"];

    public static readonly string[] Tools =
        ["web_search", "order_status", "run_query", "calculate", "send_mail", "open_page", "create_ticket", "weather"];

    public static readonly string[] Retrievers = ["handbook-vectors", "tickets-bm25", "crm"];

    public static readonly string[] Tags =
    [
        "prod", "staging", "canary", "chat", "mail", "voice", "eu", "us", "apac", "premium", "free", "internal",
        "nightly", "variant-a", "variant-b", "mobile", "web", "api", "batch", "vip", "escalated", "spam-check", "reviewed", "test",
    ];

    public static readonly string[] Environments = ["production", "production", "production", "staging"];
    public static readonly string[] Regions = ["eu-west-1", "us-east-1", "ap-south-1"];
    public static readonly string[] Features = ["chat", "summaries", "search", "drafts", "triage", "completion"];
    public static readonly string[] Plans = ["free", "free", "pro", "team", "enterprise"];
    public static readonly string[] Countries = ["FR", "US", "DE", "GB", "IN", "BR", "JP", "ES"];
    public static readonly string[] GivenNames = ["Ada", "Ben", "Chloé", "Dev", "Elif", "Farid", "Grace", "Hiro", "Inès", "Jon"];

    public static readonly string[] Failures =
        ["Rate limit reached for requests", "Request timed out", "context_length_exceeded", "The server had an error", "Tool returned invalid JSON"];

    private static string[] Weighted(params (string Name, int Weight)[] names) =>
        [.. names.SelectMany(name => Enumerable.Repeat(name.Name, name.Weight))];
}
