using System.Text.Json.Serialization;

namespace Perilune.Ingest.Json;

/// <summary>The answer to runs of another product's SDK.</summary>
/// <param name="Message">For a log.</param>
/// <param name="Refused">The first of the items that were not stored; the page Ingestion counts them all.</param>
internal sealed record RunsTaken(string Message, IReadOnlyList<RefusedItem> Refused);

/// <param name="Id">The run, span or score as sent.</param>
/// <param name="Error">What was wrong and what to do.</param>
internal sealed record RefusedItem(string? Id, string Error);

[JsonSerializable(typeof(RunsTaken))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RunsTakenJson : JsonSerializerContext;
