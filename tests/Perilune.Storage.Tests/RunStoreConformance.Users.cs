using System.Globalization;
using System.Text;
using Perilune.Model;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Tests;

public abstract partial class RunStoreConformance
{
    /// <summary>Of few users runs are found by the users, of many by going through the runs.</summary>
    [Fact]
    public async Task Finds_the_runs_of_few_and_of_many_users()
    {
        var events = Enumerable.Range(0, 120).Select(i => new RunEvent
        {
            Kind = RunEventKind.Start,
            Id = RunId.FromClient($"run-{i}"),
            Type = i % 7 == 0 ? "tool" : "llm",
            Name = "gpt-5",
            UserId = $"user-{i % 60}",
            UserProps = RawJson.Parse($$"""{"plan":"{{(i % 3 == 0 ? "pro" : "free")}}","seat":{{i % 60}}}"""),
            Time = EventGen.Origin + TimeSpan.FromSeconds(i * 37 % 120),
            ReceivedAt = EventGen.Origin + TimeSpan.FromDays(i % 2 * 40),
            ContentHash = (ulong)i,
        });

        var (expected, actual) = await RunAsync([new Ingest([.. events])], DescribeAsync, EventGen.Origin + TimeSpan.FromSeconds(-1));

        AssertSame(expected, actual);
        Assert.StartsWith("prop.plan:pro 40 ", expected, StringComparison.Ordinal);

        static async Task<string> DescribeAsync(IRunStore store, CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            foreach (var question in (string[])["prop.plan:pro", "prop.plan:free", "prop.seat>=58", "prop.plan:pro type:tool", "-prop.plan:pro prop.seat<9", "prop.plan:none"])
            {
                var filter = FilterParser.Parse(question, EventGen.Origin).Filter!;
                text.Append(CultureInfo.InvariantCulture, $"{question} {await store.CountAsync(StoreScenario.Project, RunScope.All, filter, Timeout.InfiniteTimeSpan, cancellationToken)} ");
                string? after = null;
                do
                {
                    var page = await store.ListAsync(StoreScenario.Project, new RunQuery { Filter = filter, Limit = 30, After = after }, cancellationToken);
                    text.AppendJoin(' ', page.Runs.Select(run => run.Id)).AppendLine();
                    after = page.Next;
                }
                while (after is not null);
            }

            return text.ToString();
        }
    }
}
