using Perilune.Model;

namespace Perilune.Ingest.Otlp.Mapping.Agents;

/// <summary>When, and by which process, something was told of an agent.</summary>
internal readonly record struct AgentReport(Instant Time, Instant ReceivedAt, ulong ContentHash, ResourceFacts Facts);
