using System.Text;
using CsCheck;

namespace Perilune.Ingest.Tests.Lunary;

/// <summary>Random JSON texts with every liberty that the grammar leaves: whitespace, escapes, number forms, depth, key casing.</summary>
internal static class JsonGen
{
    private static readonly Gen<string> Space = Gen.OneOf("", "", "", " ", "\n", "\t  ", "\r\n");

    private static readonly Gen<string> Character = Gen.Frequency(
        (20, Gen.Char['a', 'z'].Select(c => c.ToString())),
        (3, Gen.OneOf("\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00e9", "\\ud83d\\ude00", "_", "-", " ")),
        (2, Gen.OneOf("é", "☀️", "日", "😀")),
        (1, Gen.OneOf("\\ud800", "\\udc00")));

    public static readonly Gen<string> Text = Character.Array[0, 12].Select(parts => $"\"{string.Concat(parts)}\"");

    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.Long.Select(n => n.ToString()),
        Gen.OneOf("0", "-0", "1.50", "1E5", "-2.5e-300", "123456789012345678901234567890"));

    private static readonly Gen<string> Key = Gen.OneOf(
        Text, Gen.OneOf("\"runId\"", "\"run_id\"", "\"event\"", "\"snake_key\"", "\"tags\"", "\"metadata\"", "\"events\"", "\"timestamp\""));

    public static readonly Gen<string> Value = Gen.Recursive<string>((depth, inner) => depth > 4
        ? Scalar
        : Gen.Frequency(
            (4, Scalar),
            (1, Gen.Select(Space, inner.Array[0, 4]).Select((space, items) => $"[{space}{string.Join($"{space},", items)}{space}]")),
            (1, Object(inner))));

    public static readonly Gen<string> ObjectValue = Object(Value);

    private static Gen<string> Scalar => Gen.OneOf(Text, Number, Gen.OneOf("true", "false"));

    private static Gen<string> Object(Gen<string> inner) =>
        Gen.Select(Space, Gen.Select(Key, inner).Array[0, 4]).Select((space, members) =>
            $"{{{space}{string.Join(",", members.Select(m => $"{m.Item1}{space}:{space}{m.Item2}"))}{space}}}");

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
