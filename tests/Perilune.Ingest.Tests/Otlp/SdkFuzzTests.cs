using System.Text.Json;
using CsCheck;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Damaged bodies of the SDKs with protocols of their own are refused, as a whole or run by run, or read as what they say.</summary>
public sealed class SdkFuzzTests
{
    private static readonly IReadOnlyList<(string Path, string ContentType, byte[] Body)> Requests =
        [.. SdkFixture.Own.SelectMany(SdkFixture.Requests).Select(request => (request.Path, request.ContentType, request.Body))];

    [Fact]
    public Task Damaged_bodies_never_throw() => Gen.Select(Gen.OneOf([.. Requests]), Damage.Gen, (request, damage) => (request.Path, request.ContentType, Body: damage(request.Body)))
        .SampleAsync(request => CheckAsync(request.Path, request.ContentType, request.Body), iter: Damage.Cases, time: Damage.Time, threads: Damage.Threads);

    private static async Task CheckAsync(string path, string contentType, byte[] body)
    {
        RunBatch batch;
        try
        {
            batch = await SdkFixture.ReadAsync(path, contentType, body);
        }
        catch (Exception e) when (e is JsonException or MalformedBodyException)
        {
            return;
        }

        Assert.All(batch.Refused, refused => Assert.True(refused.Reason.Length > 0));
        foreach (var e in batch.Events.Concat(batch.Derived))
        {
            foreach (var json in (RawJson[])[e.Input, e.Output, e.Error, e.Params, e.Metadata, e.Attributes, e.Resource, e.Score?.Value ?? default])
            {
                Damage.AssertIsJson(json);
            }
        }
    }
}
