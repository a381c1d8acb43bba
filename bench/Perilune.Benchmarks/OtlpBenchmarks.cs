using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Perilune.Ingest.Otlp;
using Perilune.Model;

namespace Perilune.Benchmarks;

/// <summary>One request of a Vercel AI SDK's 46 spans, about 60 KB, from bytes to events.</summary>
[MemoryDiagnoser]
public class OtlpBenchmarks
{
    private readonly byte[] _protobuf = Read("vercel-ai-sdk-v7/001-traces.pb.gz");
    private readonly byte[] _json = Read("vercel-ai-sdk-v7-json/001-traces.json.gz");

    [Benchmark]
    public int Protobuf() => OtlpBatch.Read(OtlpSignal.Traces, _protobuf, isJson: false, new Instant(0)).Events.Count;

    [Benchmark]
    public int Json() => OtlpBatch.Read(OtlpSignal.Traces, _json, isJson: true, new Instant(0)).Events.Count;

    private static byte[] Read(string name)
    {
        using var gzip = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "fixtures", name)), CompressionMode.Decompress);
        var buffer = new MemoryStream();
        gzip.CopyTo(buffer);
        return buffer.ToArray();
    }
}
