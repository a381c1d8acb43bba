using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace PeriluneSdk.Spans;

/// <summary>Writes messages in the form of OpenTelemetry's conventions: a role and its parts.</summary>
internal static class MessageJson
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IEnumerable<ChatMessage> messages)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_readable))
        {
            json.WriteStartArray();
            foreach (var message in messages)
            {
                json.WriteStartObject();
                json.WriteString("role", message.Role.Value);
                if (message.AuthorName is { } author)
                {
                    json.WriteString("name", author);
                }

                json.WriteStartArray("parts");
                foreach (var content in message.Contents)
                {
                    WritePart(json, content);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WritePart(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Start("text");
                json.WriteString("content", text.Text);
                break;
            case TextReasoningContent reasoning:
                Start("reasoning");
                json.WriteString("content", reasoning.Text);
                break;
            case FunctionCallContent call:
                Start("tool_call");
                json.WriteString("id", call.CallId);
                json.WriteString("name", call.Name);
                json.WritePropertyName("arguments");
                WriteValue(json, call.Arguments);
                break;
            case FunctionResultContent result:
                Start("tool_call_response");
                json.WriteString("id", result.CallId);
                json.WritePropertyName("response");
                WriteValue(json, result.Result);
                break;
            case DataContent data:
                Start("blob");
                json.WriteString("mime_type", data.MediaType);
                json.WriteString("modality", Modality(data.MediaType));
                json.WriteString("content", data.Base64Data.Span);
                break;
            case UriContent uri:
                Start("uri");
                json.WriteString("uri", uri.Uri.AbsoluteUri);
                json.WriteString("mime_type", uri.MediaType);
                json.WriteString("modality", Modality(uri.MediaType));
                break;
            default:
                // Usage and the like are told elsewhere.
                return;
        }

        json.WriteEndObject();

        void Start(string type)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        try
        {
            json.WriteRawValue(JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))));
        }
        catch (Exception error) when (error is NotSupportedException or JsonException)
        {
            json.WriteStringValue(value?.ToString());
        }
    }

    private static string Modality(string mediaType) => mediaType.Split('/')[0] switch
    {
        "image" => "image",
        "audio" => "audio",
        "video" => "video",
        _ => "document",
    };
}
