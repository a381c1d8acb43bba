using Perilune.Ingest.Otlp.Wire;
using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>The semantic conventions' <c>gen_ai.evaluation.result</c>: a score.</summary>
internal static class Evaluation
{
    public const string EventName = "gen_ai.evaluation.result";

    public static Score? Read(string eventName, IReadOnlyList<OtlpAttribute> attributes)
    {
        if (eventName != EventName || SpanErrors.Text(attributes, "gen_ai.evaluation.name") is not { Length: > 0 and <= RunText.Label } name)
        {
            return null;
        }

        var value = attributes.FirstOrDefault(a => a.Key.Name == "gen_ai.evaluation.score.value").Value;
        var json = Coerce.Number(value) is not null ? JsonWriting.Value(value)
            : SpanErrors.Text(attributes, "gen_ai.evaluation.score.label") is { } label ? RawJson.OfString(RunText.Cut(label, RunText.Name))
            : default;
        return json.IsAbsent ? null : new Score(name, json, SpanErrors.Text(attributes, "gen_ai.evaluation.explanation"));
    }

    public static RunEvent Event(Score score, RunId id, Instant? time, Instant receivedAt, ulong contentHash) => new()
    {
        Kind = RunEventKind.Score,
        Id = id,
        Time = time,
        ReceivedAt = receivedAt,
        ContentHash = contentHash,
        Score = score,
    };
}
