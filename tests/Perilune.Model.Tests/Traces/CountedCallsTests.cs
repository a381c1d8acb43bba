using CsCheck;
using Perilune.Model.Traces;

namespace Perilune.Model.Tests.Traces;

public sealed class CountedCallsTests
{
    [Fact]
    public void Steps_and_agents_are_no_calls() =>
        Assert.Equal("b", Counted(Call("a", "agent", detail: 2), Call("b", "llm", "a", detail: 2), Call("c", "chain", "b", detail: 2)));

    [Fact]
    public void A_call_within_a_call_is_an_attempt_of_it() =>
        Assert.Equal("a", Counted(Call("a", "llm", detail: 4), Call("http", "plumbing", "a"), Call("b", "llm", "http", detail: 4), Call("c", "llm", "a")));

    [Fact]
    public void Whoever_knows_more_of_the_usage_is_counted() =>
        Assert.Equal("b c", Counted(Call("a", "llm", detail: 2), Call("b", "llm", "a", detail: 5), Call("c", "llm", "a", detail: 2), Call("failed", "llm", "a")));

    [Fact]
    public void What_works_on_its_own_in_between_makes_calls_of_its_own() =>
        Assert.Equal("a c t", Counted(Call("a", "llm", detail: 2), Call("t", "tool", "a"), Call("c", "llm", "t", detail: 2)));

    [Fact]
    public void One_response_id_is_one_call() =>
        Assert.Equal("a other", Counted(Call("a", "llm", detail: 3, callId: "resp-1"), Call("b", "llm", detail: 2, callId: "resp-1"), Call("other", "embedding", callId: "resp-1")));

    [Fact]
    public void A_tool_seen_by_client_and_server_is_one_call() =>
        Assert.Equal("a d", Counted(Call("a", "tool", name: "search", callId: "c1"), Call("b", "tool", "a", name: "search"), Call("c", "tool", "b", name: "search"), Call("d", "tool", "a", name: "fetch")));

    [Fact]
    public void Neither_order_nor_cycles_matter() => Gen.Select(Gen.Int[0, 7], Gen.Int[0, 8], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2])
        .Select((id, parent, type, detail, call) => Call($"{id}", new[] { "llm", "tool", "agent", "plumbing" }[type], parent == 8 ? null : $"{parent}", detail, call == 0 ? null : $"c{call}"))
        .List[0, 8].Select(nodes => nodes.DistinctBy(node => node.Id).ToArray())
        .Sample(nodes =>
        {
            var counted = Counted(nodes);
            Array.Reverse(nodes);
            Assert.Equal(counted, Counted(nodes));
        });

    private static CallNode Call(string id, string type, string? parent = null, int detail = 0, string? callId = null, string? name = null) => new(
        RunId.FromClient(id), parent is null ? null : RunId.FromClient(parent), type, name, callId, detail, new Instant(1), new Instant(2));

    private static string Counted(params CallNode[] nodes)
    {
        var counted = CountedCalls.Of(nodes);
        string[] names = ["a", "b", "c", "d", "t", "http", "failed", "other", "0", "1", "2", "3", "4", "5", "6", "7"];
        return string.Join(' ', names.Where(name => counted.Contains(RunId.FromClient(name))));
    }
}
