using System.Text;
using Perilune.Model;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Tests;

/// <summary>Asks a store everything about a project and writes the answers down, so that two stores can be compared.</summary>
internal static class StoreScenario
{
    public static readonly Guid Project = new("0d4f6f4e-6a53-4a5e-9a62-0a8a3ad2bd01");
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero));

    private static readonly string[] Questions =
    [
        "", "type:llm", "name:gpt-5", "name:gpt* status:error", "user:ann", "user:zoë type:agent", "tag:a", "tag:a tag:b", "tag:c -type:tool",
        "status:running", "status:none", "meta.tier:pro", "has:feedback", "feedback.thumb:up", "\"number 7 about\"", "refunds", "\"about refunds\" status:success", "mess*", "-refunds", "refunds OR xxxx*", "tokens>=15", "cost>0.0001", "duration>5s",
        "start>2026-11-01T00:00:10Z", "thread:thread-1", "score.accuracy>0.1", "type:llm OR type:tool", "NOT user:bob", "name:absent", "has:parent",
        "provider:OpenAI", "env:production type:llm", "served_model:anthropic", "finish:openai", "attr.k>5", "-has:attr", "call_id:anthropic", "service:open*",
        "prop.tier:pro", "-prop.tier:free type:llm", "has:prop.nested OR prop.n:1.5", "messages>1", "messages<=1", "messages:2 OR type:tool", "has:repeat", "-has:repeat type:tool", "repeat:yes OR user:ann",
    ];

    public static async Task<string> DescribeAsync(IRunStore store, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var scope in Enum.GetValues<RunScope>())
        {
            foreach (var question in Questions)
            {
                await DescribeListAsync(text, store, scope, question, cancellationToken);
            }
        }

        for (var i = 0; i < 12; i++)
        {
            await DescribeOneAsync(text, store, RunId.FromClient($"run-{i}"), cancellationToken);
            await DescribeOneAsync(text, store, RunId.FromClient($"message-{i}"), cancellationToken);
        }

        for (var i = 0; i < 3; i++)
        {
            await DescribeOneAsync(text, store, RunId.FromClient($"thread-{i}"), cancellationToken);
        }

        foreach (var group in Enum.GetValues<RunGroup>())
        {
            var ids = Enumerable.Range(0, 12).SelectMany(i => new[] { $"run-{i}", $"message-{i}", $"thread-{i}" }).Select(id => RunId.FromClient(id)).ToList();
            foreach (var (id, totals) in (await store.TotalsAsync(Project, group, ids, cancellationToken)).OrderBy(t => t.Key))
            {
                text.AppendLine($"{group} {id}: {totals}");
            }
        }

        foreach (var user in await store.UsersAsync(Project, ["ann", "bob", "zoë"], cancellationToken))
        {
            text.AppendLine($"user {user.Id} {user.FirstSeen} {user.LastSeen} {user.Props}");
        }

        return text.ToString();
    }

    private static async Task DescribeListAsync(StringBuilder text, IRunStore store, RunScope scope, string question, CancellationToken cancellationToken)
    {
        var filter = FilterParser.Parse(question, Now).Filter!;
        text.AppendLine($"-- {scope} [{question}] {await store.CountAsync(Project, scope, filter, Timeout.InfiniteTimeSpan, cancellationToken)}");
        foreach (var sort in question.Length == 0 ? Enum.GetValues<RunSort>() : [RunSort.Start])
        {
            foreach (var ascending in new[] { false, true })
            {
                string? after = null;
                do
                {
                    var query = new RunQuery { Scope = scope, Filter = filter, Sort = sort, Ascending = ascending, Limit = 5, After = after };
                    var page = await store.ListAsync(Project, query, cancellationToken);
                    text.AppendLine($"{sort} {ascending}: {string.Join(' ', page.Runs.Select(r => r.Id.ToString()[..8] + (question.Length == 0 ? r.Input.ToString() : "")))}");
                    after = page.Next;
                }
                while (after is not null);
            }
        }

        var skipped = await store.ListAsync(Project, new RunQuery { Scope = scope, Filter = filter, Limit = 3, Offset = 2 }, cancellationToken);
        text.AppendLine($"offset: {string.Join(' ', skipped.Runs.Select(r => r.Id.ToString()[..8]))}");
    }

    private static async Task DescribeOneAsync(StringBuilder text, IRunStore store, RunId id, CancellationToken cancellationToken)
    {
        text.AppendLine($"{id}: {Describe(await store.FindAsync(Project, id, cancellationToken))}");
        var subtree = await store.SubtreeAsync(Project, id, RunDetail.Full, cancellationToken);
        text.AppendLine($"  below: {string.Join(' ', subtree.Select(r => r.Id.ToString()[..8]))}");
    }

    private static string Describe(Run? run) => run is null ? "none" : string.Join(" | ",
        run.Id, run.ClientId, run.TraceId, run.ParentId, run.SiblingId, run.ThreadId, run.Type, run.Status, run.Name, run.Start, run.ListedAt, run.End, run.TimeToFirstToken,
        run.Input, run.Output, run.Error, run.Params, run.Metadata, run.Usage, run.Cost, run.User, run.Tags, run.EffectiveTags, run.Feedback,
        string.Join(',', run.Scores.Select(s => $"{s.Label}={s.Value}:{s.Comment}")), run.TemplateVersionId, run.Runtime, run.IsPublic,
        run.Provider, run.ServedModel, run.CallId, string.Join(',', run.FinishReasons), run.GivenCost, run.Service, run.Environment, run.Release, run.IsStructural, run.IsRepeat,
        run.Attributes, run.Resource, run.Notes, run.Messages);
}
