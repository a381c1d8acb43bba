using Perilune.Ingest.Otlp.Wire;

namespace Perilune.Ingest.Tests.Otlp;

/// <summary>Why metrics of these clients are not kept: their spans say at least as much.</summary>
public sealed class RecordedMetricsTests
{
    private const int Histogram = 9;

    [Theory]
    [InlineData("meai", 2)]
    [InlineData("meai-grpc", 2)]
    [InlineData("semantic-kernel", 1)]
    [InlineData("anthropic-dotnet", 1)]
    public async Task No_library_measures_more_tokens_than_its_clients_spans_carry(string client, int libraries)
    {
        var calls = OtlpFixture.Counted(await OtlpFixture.RunsAsync(OtlpFixture.Events(client)));
        var (input, output) = (calls.Sum(call => call.Usage?.Input ?? 0), calls.Sum(call => call.Usage?.Output ?? 0));
        var measured = Tokens(OtlpFixture.Unzip(Path.Combine(AppContext.BaseDirectory, "fixtures", "otlp-metrics", $"{client}.004-metrics.pb.gz")));

        Assert.Equal(libraries, measured.Select(sum => sum.Library).Distinct(StringComparer.Ordinal).Count());
        foreach (var sum in measured.GroupBy(sum => (sum.Library, sum.Type)))
        {
            Assert.InRange(sum.Sum(point => point.Tokens), 1, sum.Key.Type == "input" ? input : output);
        }
    }

    private static List<(string Library, string Type, double Tokens)> Tokens(byte[] body)
    {
        var sums = new List<(string, string, double)>();
        ProtoGroups.Read(body, new NodeBudget(), (_, scope, message) =>
        {
            var isTokens = false;
            var metric = new ProtoReader(message);
            while (metric.Next())
            {
                isTokens |= metric.Field == 1 && metric.Text() == "gen_ai.client.token.usage";
                if (isTokens && metric.Field == Histogram)
                {
                    var data = new ProtoReader(metric.Bytes());
                    while (data.Next())
                    {
                        if (data.Field == 1)
                        {
                            var (type, tokens) = Point(data.Bytes());
                            sums.Add((scope.Name, type, tokens));
                        }
                    }
                }
            }
        });
        return sums;
    }

    private static (string Type, double Tokens) Point(ReadOnlyMemory<byte> message)
    {
        var (type, tokens) = ("", 0.0);
        var point = new ProtoReader(message);
        while (point.Next())
        {
            if (point.Field == 5)
            {
                tokens = BitConverter.UInt64BitsToDouble(point.Fixed64());
            }
            else if (point.Field == Histogram)
            {
                var attribute = ProtoCommon.Attribute(point.Bytes(), new NodeBudget(), 0);
                type = attribute.Key.Name == "gen_ai.token.type" ? System.Text.Encoding.UTF8.GetString(attribute.Value.Utf8.Span) : type;
            }
        }

        return (type, tokens);
    }
}
