using System.Text;
using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Groups by resource, in them groups by scope, in them the items, in JSON. See <see cref="ProtoGroups"/>.</summary>
/// <param name="groups">The member of the body that lists groups by resource.</param>
/// <param name="scopeGroups">The member of such a group that lists groups by scope.</param>
/// <param name="items">The member of such a group that lists the items.</param>
internal sealed class JsonGroups(string groups, string scopeGroups, string items)
{
    private readonly byte[] _groups = Encoding.UTF8.GetBytes(groups);
    private readonly byte[] _scopeGroups = Encoding.UTF8.GetBytes(scopeGroups);
    private readonly byte[] _items = Encoding.UTF8.GetBytes(items);

    /// <summary>Called with the range of each item's JSON object.</summary>
    public delegate void ItemVisitor(OtlpResource resource, OtlpScope scope, Range item);

    /// <exception cref="OtlpFormatException">The body is not of this shape.</exception>
    public void Read(ReadOnlyMemory<byte> body, NodeBudget budget, ItemVisitor visit)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, JsonScan.Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw JsonScan.Unexpected(ref reader, "an object");
            }

            ForEach(ref reader, _groups, (ref Utf8JsonReader group) => ReadResourceGroup(ref group, body, budget, visit));

            // Anything but the end of the body throws here.
            reader.Read();
        }
        catch (JsonException malformed)
        {
            throw new OtlpFormatException(MalformedJson.Describe(malformed, body.Span), malformed);
        }
    }

    private void ReadResourceGroup(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget, ItemVisitor visit)
    {
        budget.Reset();
        var resource = OtlpResource.None;
        var ahead = reader;
        if (Find(ref ahead, "resource"u8))
        {
            resource = JsonCommon.Resource(ref ahead, body, budget);
        }

        ForEach(ref reader, _scopeGroups, (ref Utf8JsonReader group) => ReadScopeGroup(ref group, body, resource, budget, visit));
    }

    private void ReadScopeGroup(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, OtlpResource resource, NodeBudget budget, ItemVisitor visit)
    {
        budget.Reset();
        var scope = OtlpScope.None;
        var ahead = reader;
        if (Find(ref ahead, "scope"u8))
        {
            scope = JsonCommon.Scope(ref ahead, body, budget);
        }

        ForEach(ref reader, _items, (ref Utf8JsonReader item) =>
        {
            var start = (int)item.TokenStartIndex;
            item.Skip();
            visit(resource, scope, start..(int)item.BytesConsumed);
        });
    }

    private delegate void ObjectVisitor(ref Utf8JsonReader reader);

    /// <summary>Visits the objects of the array that is the named member of the object the reader is at, and goes to its end.</summary>
    private static void ForEach(ref Utf8JsonReader reader, byte[] member, ObjectVisitor visit)
    {
        while (JsonScan.NextMember(ref reader))
        {
            var isWanted = JsonScan.Is(ref reader, member);
            reader.Read();
            if (!isWanted || !JsonScan.IsArray(ref reader))
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (JsonScan.IsObject(ref reader))
                {
                    visit(ref reader);
                }
            }
        }
    }

    private static bool Find(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        while (JsonScan.NextMember(ref reader))
        {
            var isWanted = JsonScan.Is(ref reader, member);
            reader.Read();
            if (isWanted)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
