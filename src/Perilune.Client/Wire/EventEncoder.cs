using System.Text;
using System.Text.Json.Nodes;
using PeriluneSdk.Recording;

namespace PeriluneSdk.Wire;

/// <summary>Writes events, without content where that is not wanted, and masked.</summary>
internal sealed class EventEncoder(PeriluneOptions options)
{
    private static readonly string[] s_payloads = ["message", "feedback", "score", "metadata", "threadMetadata", "userProps"];

    private readonly Masking _masking = new(options.Mask);

    public byte[] Encode(JsonObject e)
    {
        if (!options.CaptureContent && e["message"] is JsonObject message)
        {
            message.Remove("content");
        }

        if (_masking.IsOn)
        {
            foreach (var payload in s_payloads)
            {
                Mask(e[payload]);
            }
        }

        return Encoding.UTF8.GetBytes(e.ToJsonString());
    }

    private void Mask(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members.ToList())
                {
                    if (key is "role" or "thumb" or "label")
                    {
                        continue;
                    }

                    if (value is JsonValue text && text.TryGetValue<string>(out var said))
                    {
                        members[key] = _masking.Apply(said);
                    }
                    else
                    {
                        Mask(value);
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonValue text && text.TryGetValue<string>(out var said))
                    {
                        items[i] = _masking.Apply(said);
                    }
                    else
                    {
                        Mask(items[i]);
                    }
                }

                break;
        }
    }
}
