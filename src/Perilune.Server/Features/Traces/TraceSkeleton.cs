using System.Text.Json.Serialization;
using Perilune.Server.Ui;

namespace Perilune.Server.Features.Traces;

/// <summary>A trace without its payloads, column by column, for the trace view to draw.</summary>
/// <param name="Types">Names that <paramref name="Type"/> counts into.</param>
/// <param name="Start">Milliseconds after the trace began.</param>
/// <param name="Duration">Milliseconds; null while running.</param>
/// <param name="Cost">USD.</param>
internal sealed record TraceSkeleton(
    double Span,
    bool Running,
    IReadOnlyList<string> Types,
    IReadOnlyList<string> Id,
    IReadOnlyList<int> Depth,
    IReadOnlyList<int> Type,
    IReadOnlyList<string> Name,
    IReadOnlyList<string> Status,
    IReadOnlyList<double> Start,
    IReadOnlyList<double?> Duration,
    IReadOnlyList<long?> Tokens,
    IReadOnlyList<double?> Cost)
{
    public static TraceSkeleton Of(Trace trace)
    {
        var rows = trace.Rows;
        List<string> types = [.. rows.Select(r => RunLook.Icon(r.Run.Type)).Distinct()];
        return new TraceSkeleton(
            trace.Span.TotalMilliseconds,
            trace.IsRunning,
            types,
            [.. rows.Select(r => r.Run.Id.ToString())],
            [.. rows.Select(r => r.Depth)],
            [.. rows.Select(r => types.IndexOf(RunLook.Icon(r.Run.Type)))],
            [.. rows.Select(r => r.Name)],
            [.. rows.Select(r => RunLook.Name(r.Run.Status))],
            [.. rows.Select(r => (r.Run.Start - trace.Start).TotalMilliseconds)],
            [.. rows.Select(r => r.Run.Duration?.TotalMilliseconds)],
            [.. rows.Select(r => r.Run.Usage?.Total)],
            [.. rows.Select(r => r.Run.Cost / 1e9)]);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TraceSkeleton))]
internal sealed partial class TraceJson : JsonSerializerContext;
