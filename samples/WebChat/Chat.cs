using System.Text.Json.Serialization;

namespace Samples;

internal sealed record ChatRequest(string Text, string? Thread);

internal sealed record ChatReply(string Thread, string? RunId, string Text);

[JsonSerializable(typeof(ChatRequest))]
[JsonSerializable(typeof(ChatReply))]
internal sealed partial class ChatJson : JsonSerializerContext;
