using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>
/// What a model used within a window of time. Its series (a class of tokens each, the cost, each again for every other
/// setting) may have begun one after the other: the window has the start of the first.
/// </summary>
internal sealed class MetricWindow(ResourceFacts facts, OtlpPoint first)
{
    private const double MaxTokens = 1e12;
    private const double MaxUsd = 1e9;

    private long? _input;
    private long? _output;
    private long? _cacheRead;
    private long? _cacheWrite;

    public ResourceFacts Facts { get; } = facts;

    public ulong Start { get; private set; } = first.Start;

    public int Points { get; private set; }

    public ulong ContentHash { get; private set; }

    public string? User { get; } = new AttributeReader(first.Attributes).Text("user.id") is { Length: <= RunText.Id } user ? user : null;

    /// <summary>Nano-USD.</summary>
    public long? Cost { get; private set; }

    /// <summary>Series that have begun are told of again when nothing was added.</summary>
    public bool IsEmpty => Cost is null or 0 && Usage?.Total is null or 0;

    public RawJson Attributes { get; } = JsonWriting.Write(json =>
    {
        json.WriteStartObject();
        foreach (var attribute in first.Attributes.Where(attribute => attribute.Key.Name != "type"))
        {
            json.WritePropertyName(attribute.Key.Name);
            JsonWriting.Value(json, attribute.Value);
        }

        json.WriteEndObject();
    });

    /// <summary>The client counts cached input beside the other; nobody knows how many requests it was.</summary>
    public Usage? Usage => _input is null && _output is null && _cacheRead is null && _cacheWrite is null ? null : new Usage(
        _input is null && _cacheRead is null && _cacheWrite is null ? null : (_input ?? 0) + (_cacheRead ?? 0) + (_cacheWrite ?? 0),
        _output,
        _cacheRead)
    {
        CacheWrite5m = _cacheWrite,
        Requests = 0,
    };

    /// <summary>False for a point that holds no number, or of a class that is not known.</summary>
    public bool TryAdd(OtlpPoint point, AttributeReader attributes)
    {
        if (Coerce.Number(point.Value) is not (>= 0 and <= MaxTokens and var number))
        {
            return false;
        }

        if (point.Metric == ClaudeCodeMetrics.Cost)
        {
            if (number >= MaxUsd)
            {
                return false;
            }

            Cost = Amounts.Sum([Cost, (long)Math.Round(number * 1e9)]);
        }
        else
        {
            var tokens = (long)Math.Round(number);
            switch (attributes.Text("type"))
            {
                case "input":
                    _input = (_input ?? 0) + tokens;
                    break;
                case "output":
                    _output = (_output ?? 0) + tokens;
                    break;
                case "cacheRead":
                    _cacheRead = (_cacheRead ?? 0) + tokens;
                    break;
                case "cacheCreation":
                    _cacheWrite = (_cacheWrite ?? 0) + tokens;
                    break;
                default:
                    return false;
            }
        }

        Start = Math.Min(Start, point.Start);
        ContentHash += point.ContentHash;
        Points++;
        return true;
    }
}
