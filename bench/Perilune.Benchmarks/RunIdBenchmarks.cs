using BenchmarkDotNet.Attributes;
using Perilune.Model;

namespace Perilune.Benchmarks;

[MemoryDiagnoser]
public class RunIdBenchmarks
{
    private const string Uuid = "0197b7a0-1f3c-7d4e-8a5b-9c0d1e2f3a4b";
    private static readonly RunId s_id = RunId.FromClient(Uuid);

    [Benchmark(Baseline = true)]
    public RunId ParseUuid() => RunId.FromClient(Uuid);

    [Benchmark]
    public RunId HashText() => RunId.FromClient("chatcmpl-9f8e7d6c5b4a3210");

    [Benchmark]
    public RunId HashAsPython() => RunId.FromPython("chatcmpl-9f8e7d6c5b4a3210", Uuid);

    [Benchmark]
    public string Write() => s_id.ToString();
}
