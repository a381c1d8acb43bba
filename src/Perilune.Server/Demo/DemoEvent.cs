using System.Text.Json.Nodes;

namespace Perilune.Server.Demo;

/// <summary>An event as a Lunary SDK sends it.</summary>
internal sealed record DemoEvent(DateTimeOffset At, JsonObject Json);
