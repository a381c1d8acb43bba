using System.Text.Json;
using Perilune.Ingest.Tests.Lunary;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Tests.Replay;

/// <summary>
/// Recorded sessions replayed into a store: what it then holds, as read by hand from the bodies, and that nothing of it
/// depends on the order, repetition or grouping of the events. Derive a class for each store.
/// </summary>
public abstract class FixtureReplay
{
    private static readonly Guid Project = Guid.Parse("00000000-0000-4000-8000-00000000aaaa");

    // This body was sent with a key of nobody, so no store ever sees it.
    private const string Unauthorized = "\"input\":\"lost\"";

    protected abstract Task<IRunStore> OpenAsync();

    [Theory]
    [MemberData(nameof(ReplayFacts.Trees), MemberType = typeof(ReplayFacts))]
    public async Task Builds_the_right_trees(string folder, string expected)
    {
        await using var store = await ReplayAsync(folder);

        Assert.Equal(expected.ReplaceLineEndings("\n"), RunSketch.Tree(await AllAsync(store, Project)));
    }

    [Theory]
    [MemberData(nameof(ReplayFacts.Payloads), MemberType = typeof(ReplayFacts))]
    public async Task Keeps_the_texts(string folder, string id, string input, string output)
    {
        await using var store = await ReplayAsync(folder);
        var run = await store.FindAsync(Project, RunId.FromClient(id), TestContext.Current.CancellationToken);

        Assert.Equal((input, output), (run!.Input.ToString(), run.Output.ToString()));
    }

    [Fact]
    public async Task Finds_a_chat_by_any_of_its_messages_and_what_ran_below_it()
    {
        await using var store = await ReplayAsync("lunary-sdk");
        var ct = TestContext.Current.CancellationToken;

        var byQuestion = await store.FindAsync(Project, RunId.FromClient("8ae122cb-be77-4eaa-e5c3-be737c75e935"), ct);
        var byAnswer = await store.FindAsync(Project, RunId.FromClient("4b74f6f6-88e1-4e0d-86f4-b9866d21d52c"), ct);
        var agent = await store.FindAsync(Project, RunId.FromClient("0a88a494-a2b1-43f9-b6f2-fe4da1565001"), ct);
        var llm = await store.FindAsync(Project, RunId.FromClient("f34ca5e5-e04f-4283-f707-95a1e5009355"), ct);

        Assert.Equal(byQuestion!.Id, byAnswer!.Id);
        Assert.Equal(byQuestion.Id, agent!.ParentId);
        Assert.Equal(RunId.FromClient("ed3ea164-992c-4327-d319-ce9b9d8822d8"), llm!.ThreadId);
        Assert.Equal(agent.Id, llm.TraceId);
        Assert.Equal(new Attribution(null, "user-789"), llm.User);
    }

    [Fact]
    public async Task Knows_the_end_users_and_their_props()
    {
        await using var store = await ReplayAsync("lunary-sdk");

        var users = await store.UsersAsync(Project, ["user-123", "user-456", "lc-user", "nobody"], TestContext.Current.CancellationToken);

        Assert.Equal(["lc-user", "user-456", "user-123"], users.Select(user => user.Id));
        Assert.Equal(["""{"a":1}""", """{"email":"bob@example.com","plan":"pro"}""", """{"name":"Jane","email":"jane@example.com"}"""], users.Select(user => user.Props.ToString()));
    }

    [Fact]
    public async Task Keeps_ids_templates_params_and_errors()
    {
        await using var store = await ReplayAsync("lunary-js");
        var runs = (await AllAsync(store, Project)).ToLookup(run => run.Name ?? "", StringComparer.Ordinal);

        Assert.Equal("sess-7", Assert.Single(runs[""], run => run.Type == "thread").ClientId);
        Assert.Equal("tv_1", Assert.Single(runs["gpt-5-mini"], run => run.TemplateVersionId is not null).TemplateVersionId);
        Assert.Contains(runs["gpt-5-mini"], run => run.Params.ToString() == """{"temperature":0.3,"top_p":0.9,"stop":["END"],"seed":7,"max_completion_tokens":200}""");
        Assert.StartsWith("""{"message":"chain broke",""", Assert.Single(runs["BadChain"]).Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMilliseconds(170), Assert.Single(runs["gpt-5-mini"], run => run.Tags.Contains("call")).Duration);
    }

    [Theory]
    [InlineData("lunary-sdk")]
    [InlineData("lunary-js")]
    [InlineData("langchain-lunary-js")]
    public async Task Arrives_at_the_same_state_by_every_way(string folder)
    {
        var events = Events(folder);
        await using var store = await ReplayAsync(folder);
        var expected = await StateAsync(store, Project);
        var ct = TestContext.Current.CancellationToken;

        for (var seed = 0; seed < 100; seed++)
        {
            var project = Guid.CreateVersion7();
            foreach (var batch in Scramble(events, new Random(seed)))
            {
                // SDKs send with the public key: whatever the order, it may say all this.
                var sent = Fixture.Accepted(JsonGen.Utf8($$"""{"events":[{{string.Join(',', batch)}}]}"""));
                Assert.Empty(await store.CommitAsync(project, [.. sent.Select(e => e with { ByPublicKey = true })], ct));
            }

            Assert.Equal(expected, await StateAsync(store, project));
            await store.DeleteProjectAsync(project, ct);
        }
    }

    /// <summary>Any order, some events twice, in batches of any size.</summary>
    private static IEnumerable<string[]> Scramble(List<string> events, Random random)
    {
        var sent = events.Concat(events.Where(_ => random.Next(4) == 0)).ToArray();
        random.Shuffle(sent);
        for (var at = 0; at < sent.Length;)
        {
            var size = random.Next(1, 20);
            yield return sent[at..Math.Min(sent.Length, at + size)];
            at += size;
        }
    }

    private static List<string> Events(string folder)
    {
        var events = new List<string>();
        foreach (var body in Bodies(folder))
        {
            using var json = JsonDocument.Parse(body);
            events.AddRange(json.RootElement.GetProperty("events").EnumerateArray().Select(e => e.GetRawText()));
        }

        return events;
    }

    private static IEnumerable<byte[]> Bodies(string folder) =>
        Fixture.Bodies(folder).Where(body => body.AsSpan().IndexOf(JsonGen.Utf8(Unauthorized)) < 0);

    private async Task<IRunStore> ReplayAsync(string folder)
    {
        var store = await OpenAsync();
        foreach (var body in Bodies(folder))
        {
            await store.CommitAsync(Project, Fixture.Accepted(body), TestContext.Current.CancellationToken);
        }

        return store;
    }

    private static async Task<IReadOnlyList<Run>> AllAsync(IRunStore store, Guid project) =>
        (await store.ListAsync(project, new RunQuery { Limit = 1000, Ascending = true }, TestContext.Current.CancellationToken)).Runs;

    private static async Task<string> StateAsync(IRunStore store, Guid project)
    {
        var runs = await AllAsync(store, project);
        var users = await store.UsersAsync(
            project, [.. runs.Select(run => run.User.Own).OfType<string>().Distinct(StringComparer.Ordinal)], TestContext.Current.CancellationToken);
        return string.Join('\n', [.. runs.Select(RunSketch.Full), .. users.Select(user => user.ToString())]);
    }
}
