using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Maintenance;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Tests;

/// <summary>A sound file passes; each kind of damage is found and named.</summary>
public sealed class RunFileCheckTests : IAsyncLifetime
{
    private static readonly Instant s_origin = Instant.From(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-check-").FullName;

    private string RunsDb => Path.Combine(_folder, "projects", StoreScenario.Project.ToString(), "runs-2026-11.db");

    public async ValueTask InitializeAsync()
    {
        await using var store = new SqliteRunStore(_folder, NullLogger<SqliteRunStore>.Instance);
        var events = new List<RunEvent>();
        for (var i = 0; i < 40; i++)
        {
            events.Add(Event(RunEventKind.Start, $"agent-{i}", i) with { Type = RunTypes.Agent, Tags = ["a", "b"], UserId = "ann", UserProps = RawJson.Parse("""{"tier":"pro"}""") });
            events.Add(Event(RunEventKind.Start, $"llm-{i}", i) with { Type = RunTypes.Llm, Name = "gpt-5", ParentId = RunId.FromClient($"agent-{i}"), Input = RawJson.Parse($$"""[{"role":"user","content":"{{i}} {{new string('x', 200)}}"}]""") });
            events.Add(Event(RunEventKind.End, $"llm-{i}", i) with { Type = RunTypes.Llm, Usage = new Usage(10, 5), Output = RawJson.Parse("\"done\"") });
            events.Add(Message($"question-{i}", "user", i));
            events.Add(Message($"answer-{i}", "assistant", i));
        }

        await store.CommitAsync(StoreScenario.Project, events, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_sound_file_has_no_problems()
    {
        var report = RunFileCheck.Run(RunsDb);

        Assert.Equal([], report.Problems);
        Assert.Equal((121, 80, 1, 0, 0), (report.Runs, report.Messages, report.Users, report.UnusedBodies, report.ProblemCount));
    }

    [Theory]
    [InlineData("DELETE FROM body WHERE id = 3", "refers to body 3, which is missing")]
    [InlineData("UPDATE body SET data = x'01ffff' WHERE id = 3", "Body 3 cannot be unpacked")]
    [InlineData("UPDATE tally SET runs = runs + 1 WHERE type = (SELECT id FROM term WHERE value = 'llm')", "The tally of type 'llm' says 41 runs")]
    [InlineData("UPDATE run SET trace = id WHERE seq = 2", "its parents say trace")]
    [InlineData("UPDATE run SET user = NULL WHERE seq = 2", "its parents say trace")]
    [InlineData("UPDATE run SET thread = NULL WHERE thread IS NOT NULL AND id <> thread", "its parents say trace")]
    [InlineData("UPDATE run SET is_orphan = 1 WHERE seq = 2", "waiting for its parent")]
    [InlineData("UPDATE run SET is_root = 1 - is_root WHERE seq = 2", "column is_root")]
    [InlineData("UPDATE run SET start = start + 1 WHERE seq = 1", "column start")]
    [InlineData("UPDATE run SET duration = 77 WHERE seq = 2", "column duration")]
    [InlineData("UPDATE run SET tokens = 77 WHERE tokens = 15", "column tokens")]
    [InlineData("UPDATE run SET status = 3 WHERE seq = 2", "column status")]
    [InlineData("UPDATE run SET name = type WHERE seq = 2", "column name")]
    [InlineData("UPDATE run SET input = NULL WHERE seq = 2", "column input is there")]
    [InlineData("UPDATE run SET state = x'0203' WHERE seq = 2", "cannot be decoded")]
    [InlineData("DELETE FROM run_tag WHERE seq = 1", "missing from the tag index")]
    [InlineData("INSERT INTO run_tag VALUES(1, 2, 3)", "The tag index has 161 entries where the runs have 160")]
    [InlineData("UPDATE message SET chat = x'000102030405060708090a0b0c0d0e0f' WHERE id = (SELECT max(id) FROM message)", "is stored as part of chat")]
    [InlineData("UPDATE message SET time = time + 1 WHERE id = (SELECT min(id) FROM message)", "its columns are not what its state says")]
    [InlineData("UPDATE run SET output = input WHERE type = (SELECT id FROM term WHERE value = 'chat')", "is not what its messages say")]
    [InlineData("DELETE FROM run WHERE id = (SELECT min(chat) FROM message)", "is missing from the runs")]
    [InlineData("INSERT INTO pending SELECT id, state FROM run WHERE seq = 2", "is kept as waiting for its run, which is there")]
    [InlineData("UPDATE user SET props = x'02'", "User ")]
    [InlineData("DELETE FROM term WHERE value = 'gpt-5'", "is missing")]
    [InlineData("PRAGMA user_version = 99", "The file has version 99")]
    public void Damage_is_named(string damage, string expected)
    {
        using (var db = Database.OpenWriter(RunsDb))
        {
            db.Execute(damage);
        }

        Assert.Contains(RunFileCheck.Run(RunsDb).Problems, problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(50_000)]
    public void A_truncated_file_is_named(int length)
    {
        using (var file = File.OpenWrite(RunsDb))
        {
            file.SetLength(length);
        }

        Assert.NotEmpty(RunFileCheck.Run(RunsDb).Problems);
    }

    [Fact]
    public void A_spoilt_page_is_found_wherever_it_is()
    {
        var pages = new FileInfo(RunsDb).Length / 4096;
        var copy = Path.Combine(_folder, "spoilt.db");
        for (var page = 0; page < pages; page++)
        {
            File.Copy(RunsDb, copy, overwrite: true);
            using (var file = File.OpenWrite(copy))
            {
                file.Position = page * 4096;
                file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
            }

            Assert.True(RunFileCheck.Run(copy).ProblemCount > 0, $"page {page}");
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static RunEvent Event(RunEventKind kind, string id, int second) => new()
    {
        Kind = kind, Id = RunId.FromClient(id), Time = s_origin + TimeSpan.FromSeconds(second), ReceivedAt = s_origin + TimeSpan.FromSeconds(second), ContentHash = (ulong)id.Length,
    };

    private static RunEvent Message(string id, string role, int second) => Event(RunEventKind.Chat, id, second) with
    {
        ClientId = id,
        ParentId = RunId.FromClient("thread"),
        Thread = new ThreadFacts(null, null, default),
        Message = new ChatMessage(role, RawJson.Parse($$"""{"role":"{{role}}","content":"{{id}}"}"""), IsRetry: false),
    };
}
