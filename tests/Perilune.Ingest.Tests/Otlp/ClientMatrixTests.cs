using Perilune.Ingest.Tests.Replay;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Recorded traffic of each client comes to the facts that its scenario has, however it arrives.</summary>
public sealed class ClientMatrixTests(ITestOutputHelper output)
{
    public static TheoryData<string> Clients => [.. OtlpFixture.Clients];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Comes_to_the_facts_of_its_scenario(string client)
    {
        var runs = await OtlpFixture.RunsAsync(OtlpFixture.Events(client));
        var facts = ClientFacts.Of(client, runs);
        output.WriteLine(ClientFacts.Matrix([facts]));
        Assert.Equal(ClientFacts.All.SingleOrDefault(expected => expected.Client == client), facts);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Comes_to_the_same_runs_in_any_order_and_when_sent_twice(string client)
    {
        var events = OtlpFixture.Events(client);
        var expected = Sketch(await OtlpFixture.RunsAsync(events));
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var shuffled = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(expected, Sketch(await OtlpFixture.RunsAsync(shuffled)));
        }
    }

    [Fact]
    public void Prints_the_matrix() => output.WriteLine(ClientFacts.Matrix(ClientFacts.All));

    private static string Sketch(IReadOnlyList<Run> runs) => string.Join('\n', runs.OrderBy(run => run.Id).Select(RunSketch.Full));
}
