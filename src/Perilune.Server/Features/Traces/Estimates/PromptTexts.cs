using System.Text.Json;

namespace Perilune.Server.Features.Traces.Estimates;

/// <summary>What of a payload a model reads or writes: its texts, without the names and ids around them, and without media.</summary>
internal sealed class PromptTexts
{
    /// <summary>A string this long without a space is a picture, a sound or a file.</summary>
    private const int LongestWord = 4_096;

    private static readonly JsonReaderOptions s_anyDepth = new() { MaxDepth = int.MaxValue };
    private static readonly HashSet<string> s_frame = new(StringComparer.Ordinal)
    {
        "role", "type", "id", "tool_call_id", "tool_use_id", "toolCallId", "call_id", "callId", "status", "finish_reason", "finishReason", "stop_reason", "object", "model",
        "index", "signature", "encrypted_content", "cache_control", "media_type", "mime_type", "mimeType", "detail", "modality",
    };

    public List<string> Texts { get; } = [];

    /// <summary>How many messages said their role.</summary>
    public int Messages { get; private set; }

    /// <summary>How many names were given, of speakers and of tools.</summary>
    public int Names { get; private set; }

    public static PromptTexts Of(ReadOnlySpan<byte> json)
    {
        var found = new PromptTexts();
        var reader = new Utf8JsonReader(json, s_anyDepth);
        string? name = null;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = reader.GetString();
                        found.Messages += name is "role" ? 1 : 0;
                        found.Names += name is "name" ? 1 : 0;
                        continue;
                    case JsonTokenType.String when name is null || !s_frame.Contains(name):
                        found.Add(reader.GetString()!);
                        break;
                }

                name = null;
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // A stored payload may hold half a character; what stands before it is counted.
        }

        return found;
    }

    private void Add(string text)
    {
        if (text.Length > 0 && (text.Length <= LongestWord || text.AsSpan(0, LongestWord).IndexOfAny(' ', '\n') >= 0))
        {
            Texts.Add(text);
        }
    }
}
