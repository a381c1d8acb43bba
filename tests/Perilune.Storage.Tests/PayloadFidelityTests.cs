using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Perilune.Model;
using Perilune.Storage.Sqlite;

namespace Perilune.Storage.Tests;

/// <summary>Payloads are cut, shared and compressed; what comes back must be the bytes that were sent.</summary>
public sealed class PayloadFidelityTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-payload-").FullName;
    private SqliteRunStore _store;

    public PayloadFidelityTests() => _store = Open();

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Const("null"), Gen.Const("true"), Gen.Const("-0.50e+3"), Gen.Const("\"\\ud800\""), Gen.Const("\"\\u0000é\""),
        Gen.String[Gen.Char['a', 'e'], 0, 200].Select(s => $"\"{s}\""));

    private static readonly Gen<string> Json = Gen.Recursive<string>((depth, inner) => depth > 3
        ? Scalar
        : Gen.OneOf(
            Scalar,
            inner.Array[0, 5].Select(items => "[" + string.Join(" , ", items) + "]"),
            inner.Array[0, 5].Select(items => "{ " + string.Join(",", items.Select((item, i) => $"\"k{i % 3}\" :{item}")) + "}")));

    [Fact]
    public Task Random_payloads_come_back_byte_for_byte() => Json.List[1, 20].SampleAsync(
        async payloads =>
        {
            var ids = await StoreAsync([.. payloads.Select(p => Encoding.UTF8.GetBytes(p))]);
            await AssertStoredAsync(ids, [.. payloads.Select(p => Encoding.UTF8.GetBytes(p))]);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public async Task Recorded_payloads_come_back_byte_for_byte_after_a_restart()
    {
        var payloads = Fixtures().ToList();
        Assert.True(payloads.Count > 100);
        var ids = await StoreAsync(payloads);
        await _store.DisposeAsync();
        _store = Open();
        await AssertStoredAsync(ids, payloads);
    }

    [Fact]
    public async Task A_resent_history_is_stored_once()
    {
        var message = $$"""{"role":"user","content":"{{string.Concat(Enumerable.Range(0, 2000).Select(i => (char)('a' + (i * 7919 % 26))))}}"}""";
        var payloads = Enumerable.Range(1, 40).Select(turn => Encoding.UTF8.GetBytes("[" + string.Join(",", Enumerable.Repeat(message, turn)) + "]")).ToList();
        var ids = await StoreAsync(payloads);
        await AssertStoredAsync(ids, payloads);
        await _store.DisposeAsync();

        var stored = new FileInfo(Directory.GetFiles(_folder, "runs-*.db", SearchOption.AllDirectories)[0]).Length;
        Assert.InRange(stored, 1, payloads.Sum(p => p.Length) / 8);
        _store = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteRunStore Open() => new(_folder, NullLogger<SqliteRunStore>.Instance);

    private async Task<IReadOnlyList<RunId>> StoreAsync(List<byte[]> payloads)
    {
        var now = Instant.From(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        var events = payloads.Select((payload, i) => new RunEvent
        {
            Kind = RunEventKind.Start,
            Id = RunId.FromClient(Guid.CreateVersion7().ToString()),
            ReceivedAt = now,
            ContentHash = (ulong)i,
            Input = new RawJson(payload),
        }).ToList();
        await _store.CommitAsync(StoreScenario.Project, events, TestContext.Current.CancellationToken);
        return [.. events.Select(e => e.Id)];
    }

    private async Task AssertStoredAsync(IReadOnlyList<RunId> ids, List<byte[]> payloads)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            var run = await _store.FindAsync(StoreScenario.Project, ids[i], TestContext.Current.CancellationToken);
            Assert.Equal(payloads[i], run!.Input.Utf8.ToArray());
        }
    }

    // Every value inside the recorded bodies that is an object or an array, as its raw bytes.
    private static IEnumerable<byte[]> Fixtures()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "fixtures"), "*.json", SearchOption.AllDirectories))
        {
            using var body = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var value in Values(body.RootElement))
            {
                yield return Encoding.UTF8.GetBytes(value.GetRawText());
            }
        }
    }

    private static IEnumerable<JsonElement> Values(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Values(p.Value)).Prepend(element),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Values).Prepend(element),
        _ => [],
    };
}
