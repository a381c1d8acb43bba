namespace Perilune.Ingest.Otlp.Wire;

/// <summary>The messages of <c>opentelemetry.proto.common.v1</c> and <c>resource.v1</c>.</summary>
internal static class ProtoCommon
{
    public static OtlpResource Resource(ReadOnlyMemory<byte> message, NodeBudget budget)
    {
        var attributes = new List<OtlpAttribute>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                attributes.Add(Attribute(reader.Bytes(), budget, 0));
            }
        }

        return new OtlpResource(attributes);
    }

    public static OtlpScope Scope(ReadOnlyMemory<byte> message, NodeBudget budget)
    {
        var (name, version, attributes) = ("", default(string), new List<OtlpAttribute>());
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    version = reader.Text();
                    break;
                case 3:
                    attributes.Add(Attribute(reader.Bytes(), budget, 0));
                    break;
            }
        }

        return new OtlpScope(name, version is "" ? null : version, attributes);
    }

    public static OtlpAttribute Attribute(ReadOnlyMemory<byte> message, NodeBudget budget, int depth)
    {
        budget.Take();
        var (key, value) = (ReadOnlyMemory<byte>.Empty, default(OtlpValue));
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.Utf8();
                    break;
                case 2:
                    value = Value(reader.Bytes(), budget, depth);
                    break;
            }
        }

        return new OtlpAttribute(AttributeKey.Of(key.Span), value);
    }

    /// <summary>An AnyValue.</summary>
    public static OtlpValue Value(ReadOnlyMemory<byte> message, NodeBudget budget, int depth)
    {
        NodeBudget.CheckDepth(depth);
        var value = default(OtlpValue);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            value = reader.Field switch
            {
                1 => OtlpValue.Of(reader.Utf8()),
                2 => OtlpValue.Of(reader.Varint() != 0),
                3 => OtlpValue.Of((long)reader.Varint()),
                4 => OtlpValue.Of(BitConverter.UInt64BitsToDouble(reader.Fixed64())),
                5 => OtlpValue.Of(Items(reader.Bytes(), budget, depth + 1)),
                6 => OtlpValue.Of(Members(reader.Bytes(), budget, depth + 1)),
                7 => OtlpValue.OfBytes(reader.Bytes()),
                _ => value,
            };
        }

        return value;
    }

    private static OtlpValue[] Items(ReadOnlyMemory<byte> message, NodeBudget budget, int depth)
    {
        var items = new List<OtlpValue>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                budget.Take();
                items.Add(Value(reader.Bytes(), budget, depth));
            }
        }

        return [.. items];
    }

    private static OtlpAttribute[] Members(ReadOnlyMemory<byte> message, NodeBudget budget, int depth)
    {
        var members = new List<OtlpAttribute>();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                members.Add(Attribute(reader.Bytes(), budget, depth));
            }
        }

        return [.. members];
    }
}
