namespace PeriluneSdk.Wire;

/// <summary>Puts encoded events together to the body of <c>POST /v1/runs/ingest</c>.</summary>
internal static class EventsRequest
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<EncodedItem> events)
    {
        using var body = new MemoryStream();
        body.Write("{\"events\":["u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
            {
                body.WriteByte((byte)',');
            }

            body.Write(events[i].Bytes);
        }

        body.Write("]}"u8);
        return body.ToArray();
    }
}
