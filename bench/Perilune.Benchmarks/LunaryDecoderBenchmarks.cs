using BenchmarkDotNet.Attributes;
using Perilune.Ingest.Lunary;
using Perilune.Model;

namespace Perilune.Benchmarks;

/// <summary>One request of 20 events, about 30 KB.</summary>
[MemoryDiagnoser]
public class LunaryDecoderBenchmarks
{
    private readonly ReadOnlyMemory<byte>[] _bodies = Bodies.Take(200);
    private int _next;

    [Benchmark]
    public int Decode() => LunaryDecoder.Decode(_bodies[_next++ % _bodies.Length], new Instant(0)).Items.Count;
}
