using CsCheck;
using Perilune.Model.Traces;

namespace Perilune.Model.Tests.Traces;

public sealed class TraceTreeTests
{
    private static TraceNode Node(int id, int? parent = null, string type = "agent", string? user = null, long start = 0, int? thread = null, string? environment = null, TagList? tags = null) =>
        new(new RunId(0, (ulong)id), parent is { } p ? new RunId(0, (ulong)p) : null, type, new RunLabels(user, environment, tags ?? TagList.None), new Instant(start), thread is { } t ? new RunId(0, (ulong)t) : null);

    private static TracePlace PlaceOf(int id, params TraceNode[] nodes) => TraceTree.Resolve(nodes)[new RunId(0, (ulong)id)];

    [Fact]
    public void A_trace_is_the_tree_below_a_root() =>
        Assert.Equal(new RunId(0, 1), PlaceOf(3, Node(1), Node(2, 1), Node(3, 2)).TraceId);

    [Fact]
    public void A_trace_is_part_of_the_thread_that_its_earliest_run_names()
    {
        TraceNode[] nodes =
        [
            Node(8, type: RunTypes.Thread), Node(9, type: RunTypes.Thread, user: "ann"),
            Node(1), Node(2, 1, start: 5, thread: 8), Node(3, 2, start: 4, thread: 9), Node(4, 1),
        ];

        Assert.All([1, 2, 3, 4], id => Assert.Equal(new TracePlace(new RunId(0, 1), new RunId(0, 9), RunLabels.None with { User = "ann" }, HasParent: true), PlaceOf(id, nodes)));
    }

    [Theory]
    [InlineData(null, 9)]
    [InlineData(7, 9)]
    [InlineData(8, 8)]
    public void A_trace_whose_root_stands_in_a_thread_stays_there(int? parentOfRoot, int thread) =>
        Assert.Equal(new RunId(0, (ulong)thread), PlaceOf(2, Node(8, type: RunTypes.Thread), Node(9, type: RunTypes.Thread), Node(1, parentOfRoot), Node(2, 1, thread: 9)).ThreadId);

    [Fact]
    public void A_thread_within_a_trace_does_not_hold_it() =>
        Assert.Null(PlaceOf(1, Node(1), Node(2, 1, thread: 9), Node(9, 2, type: RunTypes.Thread)).ThreadId);

    [Fact]
    public void An_unknown_parent_makes_a_root()
    {
        var place = PlaceOf(3, Node(3, 2));
        Assert.Equal((new RunId(0, 3), false), (place.TraceId, place.HasParent));
    }

    [Fact]
    public void A_trace_ends_below_its_chat_and_keeps_the_thread()
    {
        TraceNode[] nodes = [Node(1, type: "thread"), Node(2, 1, "chat"), Node(3, 2), Node(4, 3, "llm")];
        Assert.Equal((new RunId(0, 3), new RunId(0, 1)), (PlaceOf(4, nodes).TraceId, PlaceOf(4, nodes).ThreadId!.Value));
        Assert.Equal(new RunId(0, 2), PlaceOf(2, nodes).TraceId);
    }

    [Fact]
    public void A_chat_that_a_run_started_stays_in_its_trace() =>
        Assert.Equal(new RunId(0, 1), PlaceOf(3, Node(1), Node(2, 1, "chat"), Node(3, 2)).TraceId);

    [Fact]
    public void A_cycle_is_cut_above_its_least_id()
    {
        TraceNode[] nodes = [Node(5, 7), Node(7, 6), Node(6, 5), Node(9, 7)];
        Assert.Equal(new RunId(0, 5), PlaceOf(9, nodes).TraceId);
        Assert.False(PlaceOf(5, nodes).HasParent);
        Assert.True(PlaceOf(6, nodes).HasParent);
    }

    [Theory]
    [InlineData(4, "own")]
    [InlineData(3, "middle")]
    [InlineData(2, "middle")]
    [InlineData(1, "middle")]
    [InlineData(5, "middle")]
    public void Users_come_from_the_run_then_its_ancestors_then_the_earliest_run_that_has_one(int id, string expected)
    {
        // 2 is the earliest with a user: it also gives it to its root and to its sibling 5.
        TraceNode[] nodes = [Node(1), Node(2, 1, user: "middle", start: 1), Node(3, 2), Node(4, 3, user: "own", start: 2), Node(5, 1)];
        Assert.Equal(expected, PlaceOf(id, nodes).Labels.User);
    }

    [Theory]
    [InlineData(1, "", null)]
    [InlineData(2, "mail", "prod")]
    [InlineData(3, "draft, mail", "prod")]
    [InlineData(4, "mail", "test")]
    [InlineData(5, "mail", "test")]
    [InlineData(6, "", null)]
    public void Tags_hold_for_the_run_and_all_below_it_and_environments_as_users_do(int id, string tags, string? environment)
    {
        TraceNode[] nodes =
        [
            Node(1, type: RunTypes.Thread), Node(2, 1, tags: ["mail"]), Node(3, 2, tags: ["draft", "mail"], environment: "prod", start: 1),
            Node(4, 2, environment: "test", start: 2), Node(5, 4), Node(6, 1),
        ];

        Assert.Equal((tags, environment), (PlaceOf(id, nodes).Labels.Tags.ToString(), PlaceOf(id, nodes).Labels.Environment));
    }

    [Fact]
    public void Tags_that_are_handed_down_do_not_grow_without_end()
    {
        var many = TagList.Of(Enumerable.Range(0, 200).Select(i => $"tag {i}"));

        var place = PlaceOf(3, Node(1, tags: many), Node(2, 1, tags: ["own"]), Node(3, 2));

        Assert.Equal(TagList.MostInherited, place.Labels.Tags.Count);
        Assert.Equal("own", place.Labels.Tags[0]);
    }

    [Fact]
    public void A_thread_gives_its_user_to_what_hangs_below_it() =>
        Assert.Equal("ann", PlaceOf(3, Node(1, type: "thread", user: "ann"), Node(2, 1, "chat"), Node(3, 2)).Labels.User);

    private static readonly Gen<TraceNode> AnyNode = Gen.Select(Gen.Int[1, 12], Gen.Int[0, 14], Gen.OneOf("agent", "llm", "chat", "thread"), Gen.OneOf("", "ann", "bob"), Gen.Long[0, 5], Gen.OneOf<TagList>([], ["a"], ["b", "a"], ["c"]))
        .Select((id, parent, type, user, start, tags) => Node(id, parent == 0 ? null : parent, type, user.Length == 0 ? null : user, start, tags: tags, environment: user == "bob" ? "test" : null));

    [Fact]
    public void Places_do_not_depend_on_the_order_of_the_nodes() => Gen.Select(AnyNode.List[0, 12], Gen.Int).Sample((list, seed) =>
    {
        var nodes = list.DistinctBy(n => n.Id).ToList();
        var random = new Random(seed);
        var there = TraceTree.Resolve(nodes);
        var back = TraceTree.Resolve([.. nodes.OrderBy(_ => random.Next())]);
        Assert.All(nodes, n => Assert.Equal(there[n.Id], back[n.Id]));
    });

    [Fact]
    public void Every_trace_has_its_root_among_its_runs() => AnyNode.List[0, 12].Sample(list =>
    {
        var nodes = list.DistinctBy(n => n.Id).ToList();
        var places = TraceTree.Resolve(nodes);
        Assert.All(places.Values, p => Assert.Equal(p.TraceId, places[p.TraceId].TraceId));
    });
}
