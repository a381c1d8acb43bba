using System.Collections;
using System.Globalization;
using PeriluneSdk.Recording;
using static PeriluneSdk.Wire.OtlpFields;

namespace PeriluneSdk.Wire;

/// <summary>Writes attributes, without content where that is not wanted, and masked.</summary>
internal sealed class AttributeWriter(ProtoWriter proto, bool captureContent, Masking masking)
{
    public void Write(int field, string key, object? value)
    {
        if (value is null || (!captureContent && Content.Is(key)))
        {
            return;
        }

        var pair = proto.Begin(field);
        proto.Text(KeyValueKey, key);
        WriteValue(KeyValueValue, value);
        proto.End(pair);
    }

    private void WriteValue(int field, object? value)
    {
        var begun = proto.Begin(field);
        switch (value)
        {
            case string text:
                proto.Text(ValueText, masking.Apply(text));
                break;
            case bool flag:
                proto.Varint(ValueBool, flag ? 1UL : 0UL);
                break;
            case long or int or short or sbyte or byte or ushort or uint:
                proto.Varint(ValueInt, (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double or float:
                proto.Double(ValueDouble, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case IDictionary or null:
                break;
            case IEnumerable items:
                var array = proto.Begin(ValueArray);
                foreach (var item in items)
                {
                    WriteValue(ArrayValues, item);
                }

                proto.End(array);
                break;
            default:
                proto.Text(ValueText, masking.Apply(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }

        proto.End(begun);
    }
}
