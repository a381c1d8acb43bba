using System.Text.Json;

namespace Perilune.Ingest.Otlp.Wire;

/// <summary>The messages of <c>opentelemetry.proto.common.v1</c> and <c>resource.v1</c> in JSON. The reader is at their first token.</summary>
internal static class JsonCommon
{
    public static OtlpResource Resource(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget)
    {
        var attributes = new List<OtlpAttribute>();
        if (!JsonScan.IsObject(ref reader))
        {
            return OtlpResource.None;
        }

        while (JsonScan.NextMember(ref reader))
        {
            var isAttributes = JsonScan.Is(ref reader, "attributes"u8);
            reader.Read();
            if (isAttributes)
            {
                Attributes(ref reader, body, attributes, budget, 0);
            }
            else
            {
                reader.Skip();
            }
        }

        return new OtlpResource(attributes);
    }

    public static OtlpScope Scope(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget)
    {
        if (!JsonScan.IsObject(ref reader))
        {
            return OtlpScope.None;
        }

        var (name, version, attributes) = ("", "", new List<OtlpAttribute>());
        while (JsonScan.NextMember(ref reader))
        {
            var member = JsonScan.Is(ref reader, "name"u8) ? 1 : JsonScan.Is(ref reader, "version"u8) ? 2 : JsonScan.Is(ref reader, "attributes"u8) ? 3 : 0;
            reader.Read();
            switch (member)
            {
                case 1:
                    name = JsonScan.Text(ref reader);
                    break;
                case 2:
                    version = JsonScan.Text(ref reader);
                    break;
                case 3:
                    Attributes(ref reader, body, attributes, budget, 0);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpScope(name, version.Length == 0 ? null : version, attributes);
    }

    public static void Attributes(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, List<OtlpAttribute> attributes, NodeBudget budget, int depth)
    {
        if (!JsonScan.IsArray(ref reader))
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonScan.IsObject(ref reader))
            {
                attributes.Add(Attribute(ref reader, body, budget, depth));
            }
        }
    }

    /// <summary>An AnyValue.</summary>
    public static OtlpValue Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget, int depth)
    {
        NodeBudget.CheckDepth(depth);
        var value = default(OtlpValue);
        if (!JsonScan.IsObject(ref reader))
        {
            return value;
        }

        while (JsonScan.NextMember(ref reader))
        {
            var kind = KindOf(ref reader);
            reader.Read();
            switch (kind)
            {
                case OtlpKind.String:
                    value = OtlpValue.Of(JsonScan.Utf8(ref reader, body));
                    break;
                case OtlpKind.Bool:
                    value = OtlpValue.Of(JsonScan.Bool(ref reader));
                    break;
                case OtlpKind.Int:
                    value = OtlpValue.Of(JsonScan.Int64(ref reader));
                    break;
                case OtlpKind.Double:
                    value = OtlpValue.Of(JsonScan.Double(ref reader));
                    break;
                case OtlpKind.Bytes:
                    value = OtlpValue.OfBytes(JsonScan.Base64(ref reader));
                    break;
                case OtlpKind.Array:
                    value = OtlpValue.Of(Items(ref reader, body, budget, depth + 1));
                    break;
                case OtlpKind.Map:
                    value = OtlpValue.Of(Members(ref reader, body, budget, depth + 1));
                    break;
                case OtlpKind.Null:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static OtlpKind KindOf(ref Utf8JsonReader reader) =>
        JsonScan.Is(ref reader, "stringValue"u8) ? OtlpKind.String
        : JsonScan.Is(ref reader, "intValue"u8) ? OtlpKind.Int
        : JsonScan.Is(ref reader, "boolValue"u8) ? OtlpKind.Bool
        : JsonScan.Is(ref reader, "doubleValue"u8) ? OtlpKind.Double
        : JsonScan.Is(ref reader, "arrayValue"u8) ? OtlpKind.Array
        : JsonScan.Is(ref reader, "kvlistValue"u8) ? OtlpKind.Map
        : JsonScan.Is(ref reader, "bytesValue"u8) ? OtlpKind.Bytes
        : OtlpKind.Null;

    private static OtlpAttribute Attribute(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget, int depth)
    {
        budget.Take();
        var (key, value) = (ReadOnlyMemory<byte>.Empty, default(OtlpValue));
        while (JsonScan.NextMember(ref reader))
        {
            var (isKey, isValue) = (JsonScan.Is(ref reader, "key"u8), JsonScan.Is(ref reader, "value"u8));
            reader.Read();
            if (isKey)
            {
                key = JsonScan.Utf8(ref reader, body);
            }
            else if (isValue)
            {
                value = Value(ref reader, body, budget, depth);
            }
            else
            {
                reader.Skip();
            }
        }

        return new OtlpAttribute(AttributeKey.Of(key.Span), value);
    }

    private static OtlpValue[] Items(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget, int depth)
    {
        var items = new List<OtlpValue>();
        EnterValues(ref reader, out var isThere);
        while (isThere && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            budget.Take();
            items.Add(Value(ref reader, body, budget, depth));
        }

        LeaveValues(ref reader, isThere);
        return [.. items];
    }

    private static OtlpAttribute[] Members(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, NodeBudget budget, int depth)
    {
        var members = new List<OtlpAttribute>();
        EnterValues(ref reader, out var isThere);
        while (isThere && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonScan.IsObject(ref reader))
            {
                members.Add(Attribute(ref reader, body, budget, depth));
            }
        }

        LeaveValues(ref reader, isThere);
        return [.. members];
    }

    /// <summary>Goes into <c>{"values":[</c>; at the end of the object when there is no such list.</summary>
    private static void EnterValues(ref Utf8JsonReader reader, out bool isThere)
    {
        isThere = false;
        if (!JsonScan.IsObject(ref reader))
        {
            return;
        }

        while (JsonScan.NextMember(ref reader))
        {
            var isValues = JsonScan.Is(ref reader, "values"u8);
            reader.Read();
            if (isValues && reader.TokenType == JsonTokenType.StartArray)
            {
                isThere = true;
                return;
            }

            reader.Skip();
        }
    }

    private static void LeaveValues(ref Utf8JsonReader reader, bool isThere)
    {
        while (isThere && JsonScan.NextMember(ref reader))
        {
            reader.Read();
            reader.Skip();
        }
    }
}
