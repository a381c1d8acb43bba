namespace Perilune.Ingest.Otlp.Wire;

/// <summary>
/// The part that requests for spans and for log records have in common: groups by resource, in them groups by scope, in
/// them the items. Their fields have the same numbers.
/// </summary>
internal static class ProtoGroups
{
    public delegate void ItemVisitor(OtlpResource resource, OtlpScope scope, ReadOnlyMemory<byte> message);

    public static void Read(ReadOnlyMemory<byte> body, NodeBudget budget, ItemVisitor visit)
    {
        var reader = new ProtoReader(body);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                ReadResourceGroup(reader.Bytes(), budget, visit);
            }
        }
    }

    private static void ReadResourceGroup(ReadOnlyMemory<byte> group, NodeBudget budget, ItemVisitor visit)
    {
        // What a group is about may stand behind what is in it.
        budget.Reset();
        var resource = First(group) is { } found ? ProtoCommon.Resource(found, budget) : OtlpResource.None;
        var reader = new ProtoReader(group);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                ReadScopeGroup(reader.Bytes(), resource, budget, visit);
            }
        }
    }

    private static void ReadScopeGroup(ReadOnlyMemory<byte> group, OtlpResource resource, NodeBudget budget, ItemVisitor visit)
    {
        budget.Reset();
        var scope = First(group) is { } found ? ProtoCommon.Scope(found, budget) : OtlpScope.None;
        var reader = new ProtoReader(group);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                visit(resource, scope, reader.Bytes());
            }
        }
    }

    private static ReadOnlyMemory<byte>? First(ReadOnlyMemory<byte> group)
    {
        var reader = new ProtoReader(group);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                return reader.Bytes();
            }
        }

        return null;
    }
}
