using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Words;
using Perilune.Storage.Oracle;
using Perilune.Storage.Sqlite;
using Perilune.Storage.Sqlite.Bodies;

namespace Perilune.Storage.Tests.Search;

/// <summary>Whatever is indexed and whatever is not yet: a search finds what reading everything finds.</summary>
public sealed class SearchTests : IAsyncDisposable
{
    /// <summary>Histories to try; PERILUNE_HISTORIES asks for more.</summary>
    private static long Histories => long.TryParse(Environment.GetEnvironmentVariable("PERILUNE_HISTORIES"), out var n) ? n : 25;

    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-search-").FullName;

    [Fact]
    public Task Finds_what_the_oracle_finds() => Gen.Int[0, int.MaxValue].SampleAsync(
        async seed =>
        {
            var (random, talk, folder) = (new Random(seed), new TalkGen(seed), Path.Combine(_folder, seed.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            await using var oracle = new OracleRunStore();
            var store = Open(folder);
            try
            {
                for (var step = random.Next(1, 12); step > 0; step--)
                {
                    await CommitAsync(talk.Batch(), oracle, store);
                    switch (random.Next(8))
                    {
                        case 0 or 1 or 2:
                            store.Index(StoreScenario.Project);
                            break;
                        case 3:
                            var run = talk.AnyRun();
                            Assert.Equal(await oracle.DeleteAsync(StoreScenario.Project, run, Token), await store.DeleteAsync(StoreScenario.Project, run, Token));
                            break;
                        case 4:
                            await store.DisposeAsync();
                            store = Open(folder);
                            break;
                        default:
                            break;
                    }
                }

                await AssertSameAsync(oracle, store, talk, random);
            }
            finally
            {
                await store.DisposeAsync();
            }
        },
        iter: Histories,
        threads: 2);

    [Fact]
    public async Task Goes_on_from_any_index_that_was_left_behind()
    {
        var talk = new TalkGen(7);
        await using var oracle = new OracleRunStore();
        var store = Open(_folder);
        for (var i = 0; i < 6; i++)
        {
            await CommitAsync(talk.Batch(), oracle, store);
            store.Index(StoreScenario.Project);

            // As a kill would leave it: not folded into the file, and then more is stored than it knows of.
            var left = Directory.GetFiles(_folder, "*.text*", SearchOption.AllDirectories).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)).ToDictionary(f => f, File.ReadAllBytes);
            await CommitAsync(talk.Batch(), oracle, store);
            await store.DisposeAsync();
            foreach (var (file, bytes) in left)
            {
                await File.WriteAllBytesAsync(file, bytes, Token);
            }

            store = Open(_folder);
            await AssertSameAsync(oracle, store, talk);
            store.Index(StoreScenario.Project);
            await AssertSameAsync(oracle, store, talk);
        }

        await store.DisposeAsync();
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("not a database")]
    [InlineData("spoilt")]
    [InlineData("of another run file")]
    [InlineData("of another version")]
    public async Task Is_made_anew_when_it_is(string damage)
    {
        var talk = new TalkGen(11);
        await using var oracle = new OracleRunStore();
        var store = Open(_folder);
        for (var i = 0; i < 20; i++)
        {
            await CommitAsync(talk.Batch(), oracle, store);
        }

        store.Index(StoreScenario.Project);
        await store.DisposeAsync();
        var file = Directory.GetFiles(_folder, "*.text", SearchOption.AllDirectories).Single();
        await SpoilAsync(file, damage);

        store = Open(_folder);
        await AssertSameAsync(oracle, store, talk);
        store.Index(StoreScenario.Project);
        await CommitAsync(talk.Batch(), oracle, store);
        store.Index(StoreScenario.Project);
        await AssertSameAsync(oracle, store, talk);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Finds_in_files_of_the_version_before()
    {
        var talk = new TalkGen(13);
        await using var oracle = new OracleRunStore();
        var store = Open(_folder);
        await CommitAsync(talk.Batch(), oracle, store);
        await store.DisposeAsync();
        Array.ForEach(Directory.GetFiles(_folder, "*.text*", SearchOption.AllDirectories), File.Delete);
        OlderFile.Make(Directory.GetFiles(_folder, "runs-*.db", SearchOption.AllDirectories).Single(), version: 3);

        store = Open(_folder);
        store.Index(StoreScenario.Project);
        await AssertSameAsync(oracle, store, talk);
        await CommitAsync(talk.Batch(), oracle, store);
        store.Index(StoreScenario.Project);
        await AssertSameAsync(oracle, store, talk);
        Assert.NotEmpty(Directory.GetFiles(_folder, "*.text", SearchOption.AllDirectories));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_left_of_what_was_erased_once_it_is_compacted()
    {
        await using (var store = Open(_folder))
        {
            await CommitAsync([Saying("kept"), Saying("qzxerasedword"), Saying("wvshortened") with { Input = RawJson.Parse("\"wvshortened\"") }], store);
            store.Index(StoreScenario.Project);
        }

        var runs = Directory.GetFiles(_folder, "runs-*.db", SearchOption.AllDirectories).Single();
        Assert.True(IsLeft("zxerasedword") && IsLeft("vshortened"));
        using (var db = Sqlite.Native.Database.OpenWriter(runs))
        {
            db.Execute("DELETE FROM body WHERE id > 1; DELETE FROM run WHERE seq > 1");
        }

        using (var search = new Sqlite.Search.SearchFile(runs, null))
        {
            search.Compact();
            while (search.Turn())
            {
                // As long as there is more.
            }
        }

        Assert.True(IsLeft("kept"));
        Assert.False(IsLeft("zxerasedword") || IsLeft("vshortened"));

        bool IsLeft(string word) => Directory.GetFiles(_folder, "*.text*", SearchOption.AllDirectories)
            .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(word)) >= 0);

        static RunEvent Saying(string word) => new()
        {
            Kind = RunEventKind.Start, Id = RunId.FromClient(word), ReceivedAt = Now, ContentHash = 1, Input = RawJson.Parse($"\"{word} {new string('.', 100)}\""),
        };
    }

    [Fact]
    public void A_payload_says_in_pieces_what_it_says_as_a_whole() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            foreach (var e in new TalkGen(seed).Batch())
            {
                var payload = e.Input.IsAbsent ? e.Output : e.Input;
                var slices = new List<Range>();
                PayloadSplitter.Split(payload, slices);
                foreach (var word in TalkGen.Words)
                {
                    var phrase = Phrase.Of(word, isPrefix: false);
                    var (at, says) = (0, false);
                    foreach (var slice in slices)
                    {
                        says |= PayloadText.Says(payload.Span[at..slice.Start.Value], phrase) | PayloadText.Says(payload.Span[slice], phrase);
                        at = slice.End.Value;
                    }

                    Assert.Equal(PayloadText.Says(payload.Span, phrase), says | PayloadText.Says(payload.Span[at..], phrase));
                }
            }
        },
        iter: 300);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SqliteRunStore Open(string folder) => new(folder, NullLogger<SqliteRunStore>.Instance);

    private static async Task CommitAsync(List<RunEvent> events, params IRunStore[] stores)
    {
        foreach (var store in stores)
        {
            await store.CommitAsync(StoreScenario.Project, events, Token);
        }
    }

    private async Task SpoilAsync(string file, string damage)
    {
        switch (damage)
        {
            case "missing":
                File.Delete(file);
                break;
            case "empty":
                await File.WriteAllBytesAsync(file, [], Token);
                break;
            case "not a database":
                await File.WriteAllTextAsync(file, new string('?', 20_000), Token);
                break;
            case "spoilt":
                var bytes = await File.ReadAllBytesAsync(file, Token);
                bytes.AsSpan(4096).Fill(0xA5);
                await File.WriteAllBytesAsync(file, bytes, Token);
                break;
            case "of another run file":
                await using (var other = Open(Path.Combine(_folder, "other")))
                {
                    var talk = new TalkGen(12);
                    for (var i = 0; i < 40; i++)
                    {
                        await CommitAsync(talk.Batch(), other);
                    }

                    other.Index(StoreScenario.Project);
                }

                File.Move(Directory.GetFiles(Path.Combine(_folder, "other"), "*.text", SearchOption.AllDirectories).Single(), file, overwrite: true);
                break;
            default:
                using (var db = Sqlite.Native.Database.OpenWriter(file))
                {
                    db.Execute("PRAGMA user_version = 7");
                }

                break;
        }
    }

    // Any of the many questions will do: there are many histories.
    private static async Task AssertSameAsync(OracleRunStore oracle, SqliteRunStore store, TalkGen talk, Random? random = null)
    {
        foreach (var question in (random ?? new Random(1)).GetItems(Questions(talk).ToArray(), 24))
        {
            var filter = FilterParser.Parse(question, Now);
            Assert.True(filter.IsValid, question);
            Assert.Equal($"{question}: {await AskAsync(oracle, filter.Filter)}", $"{question}: {await AskAsync(store, filter.Filter)}");
        }
    }

    private static IEnumerable<string> Questions(TalkGen talk)
    {
        var words = TalkGen.Words.Select(w => $"\"{w}\"").Append($"rare{talk.Rare / 2}").Append($"rare{talk.Rare - 1}").Append("absent").ToList();
        foreach (var word in words)
        {
            yield return word;
            yield return $"-{word} type:llm";
            yield return $"{word} user:ann";
        }

        foreach (var (first, second) in words.Zip(words.Skip(1)))
        {
            yield return $"{first} {second}";
            yield return $"({first} OR {second}) -type:tool";
            yield return $"\"{first.Trim('"')} {second.Trim('"')}\"";
            yield return $"\"{first.Trim('"')} {second.Trim('"')[..1]}\"*";
        }

        yield return "rare*";
        yield return "delt*";
        yield return "ub* OR absent*";
        yield return "absent OR status:error";
    }

    private static async Task<string> AskAsync(IRunStore store, Filter filter)
    {
        var ids = new List<string>();
        string? after = null;
        do
        {
            var page = await store.ListAsync(StoreScenario.Project, new RunQuery { Filter = filter, Limit = 7, After = after, Detail = RunDetail.None }, Token);
            ids.AddRange(page.Runs.Select(r => r.ClientId ?? r.Id.ToString()[..8]));
            after = page.Next;
        }
        while (after is not null);
        return $"{await store.CountAsync(StoreScenario.Project, RunScope.All, filter, Timeout.InfiniteTimeSpan, Token)} {string.Join(' ', ids)}";
    }
}
