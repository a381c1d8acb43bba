using System.Text.Json;

namespace Perilune.Load.Sending;

/// <summary>The reply to a batch: <c>{"results":[{"id","success","error?"}]}</c>.</summary>
internal static class IngestReply
{
    /// <summary>Counts the events that the server says it stored and refused; the reasons go to <paramref name="failed"/>.</summary>
    public static (int Stored, int Refused) Count(ReadOnlySpan<byte> reply, Action<string> failed)
    {
        var json = new Utf8JsonReader(reply);
        var (stored, refused, success, error) = (0, 0, false, (string?)null);
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject:
                    (success, error) = (false, null);
                    break;
                case JsonTokenType.PropertyName when json.ValueTextEquals("success"u8):
                    json.Read();
                    success = json.TokenType == JsonTokenType.True;
                    break;
                case JsonTokenType.PropertyName when json.ValueTextEquals("error"u8):
                    json.Read();
                    error = json.TokenType == JsonTokenType.String ? json.GetString() : "an error that is not text";
                    break;
                case JsonTokenType.EndObject when json.CurrentDepth > 0 && success:
                    stored++;
                    break;
                case JsonTokenType.EndObject when json.CurrentDepth > 0:
                    refused++;
                    failed(error ?? "success is not true");
                    break;
            }
        }

        return (stored, refused);
    }
}
