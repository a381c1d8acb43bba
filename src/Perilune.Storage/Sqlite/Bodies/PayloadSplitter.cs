using System.Text.Json;
using Perilune.Model;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// Finds the parts of a payload that are likely to be sent again: the elements of its arrays (messages, tool
/// definitions, documents) at the top or one object below. What lies between stays with the payload.
/// </summary>
internal static class PayloadSplitter
{
    /// <summary>Shorter parts cost more as a body of their own than they save.</summary>
    public const int MinSlice = 96;

    /// <summary>The slices in order, without overlap. A payload that is not cut is one slice if it is long enough.</summary>
    public static void Split(RawJson payload, List<Range> slices)
    {
        var span = payload.Span;
        if (span.Length < MinSlice)
        {
            return;
        }

        if (span[0] is (byte)'[' or (byte)'{')
        {
            SplitContainer(span, slices);
        }

        AddGaps(span.Length, slices);
    }

    private static void SplitContainer(ReadOnlySpan<byte> span, List<Range> slices)
    {
        var reader = new Utf8JsonReader(span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            Elements(ref reader, slices);
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                Elements(ref reader, slices);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void Elements(ref Utf8JsonReader reader, List<Range> slices)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            if (end - start >= MinSlice)
            {
                slices.Add(start..end);
            }
        }
    }

    // Long stretches between slices become bodies too, so that rows stay small and everything long is compressed.
    private static void AddGaps(int length, List<Range> slices)
    {
        var found = slices.Count;
        var at = 0;
        for (var i = 0; i <= found; i++)
        {
            var next = i < found ? slices[i].Start.Value : length;
            if (next - at >= MinSlice)
            {
                slices.Add(at..next);
            }

            at = i < found ? slices[i].End.Value : length;
        }

        if (slices.Count > found)
        {
            slices.Sort(static (a, b) => a.Start.Value.CompareTo(b.Start.Value));
        }
    }
}
