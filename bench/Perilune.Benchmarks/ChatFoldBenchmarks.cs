using BenchmarkDotNet.Attributes;
using Perilune.Model;
using Perilune.Model.Merging;

namespace Perilune.Benchmarks;

[MemoryDiagnoser]
public class ChatFoldBenchmarks
{
    private ThreadItem[] _items = [];

    [Params(4, 200)]
    public int Messages { get; set; }

    [GlobalSetup]
    public void Arrange() => _items = [.. Enumerable.Range(0, Messages)
        .Select(static i => new ThreadItem(new RunId(1, (ulong)i), new Instant(i), i % 2 == 0 ? "user" : "assistant", IsRetry: false))];

    [Benchmark]
    public IReadOnlyList<Chat> Fold() => ChatFold.Fold(_items);
}
