using System.Globalization;
using System.Text;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>The facts of all clients as a page for people, <c>docs/wire/matrix.md</c>.</summary>
internal static class ClientMatrix
{
    private const string Head = """
        # What is read of each client
        Recorded traffic of each client goes through the tests, in the order it came in and in others, and must come to these facts. The model behind it always answers alike: 120 tokens in, 64 of them from the cache (Anthropic's models write another 16 of them to it), 34 out, 16 of which OpenAI's models reason; an embedding takes 9. It is asked for the weather in Paris, calls `get_weather({"city":"Paris"})`, and answers "It is 18 °C and sunny in Paris ☀️.", letter for letter. Two models fail on purpose. (`lunary-sdk` was recorded with another model, of 23 tokens in and 7 out.) A fact that a client lacks it does not send, or was told not to.

        This page is written by `ClientMatrixTests`.

        ## Counts
        Calls and tokens are of the calls that count: however many libraries report one call, it counts once. "Question" and "answer" count the model calls with the whole text of either.


        """;

    public static string Markdown(IEnumerable<ClientFacts> facts, IEnumerable<ClientDetails> details)
    {
        var both = facts.Zip(details).ToList();
        var page = new StringBuilder(Head);
        Table(
            page,
            ["client", "calls", "in", "out", "from cache", "to cache", "reasoning", "question", "answer", "first token", "tools", "result", "asked for by id", "failed", "of a user", "in a thread", "tags"],
            both.Select(c => (string[])
            [
                c.First.Client, N(c.First.Calls), N(c.First.Input), N(c.First.Output), N(c.First.CacheRead), N(c.First.CacheWrite), N(c.First.Reasoning), N(c.Second.Questions), N(c.First.Answers),
                N(c.First.FirstTokens), N(c.First.Tools), N(c.Second.Results), N(c.Second.Linked), N(c.First.Errors), N(c.Second.OfUser), N(c.Second.InThread), c.First.Tags.Replace(",", ", ", StringComparison.Ordinal),
            ]));
        page.Append("\n## Shape\n");
        Table(page, ["client", "runs", "tree", "agents and tools", "models"], both.Select(c => (string[])[c.First.Client, c.First.Types, c.Second.Tree, c.Second.Names, c.Second.Models]));
        page.Append("\n## Tools and errors\n");
        Table(
            page,
            ["client", "tool calls", "errors"],
            both.Where(c => c.Second.Tools.Length + c.Second.Errors.Length > 0).Select(c => (string[])[c.First.Client, Code(c.Second.Tools), Code(c.Second.Errors)]));
        return page.ToString();
    }

    private static void Table(StringBuilder page, string[] heads, IEnumerable<string[]> rows)
    {
        page.Append("| ").AppendJoin(" | ", heads).Append(" |\n|").AppendJoin('|', heads.Select(_ => "---")).Append("|\n");
        foreach (var row in rows)
        {
            page.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }
    }

    private static string Code(string text) => text.Length == 0 ? "" : string.Join("<br>", text.Split("; ").Select(part => part.Contains('`', StringComparison.Ordinal) ? $"`` {part} ``" : $"`{part}`"));

    private static string N(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);
}
