using System.Text.Json;

namespace Perilune.Ingest.Lunary;

/// <summary>Where in the body a member's value is. The default value means that the member was not sent.</summary>
internal readonly record struct Slot(int Start, int Length, JsonTokenType Token)
{
    public bool IsAbsent => Token == JsonTokenType.None;

    /// <summary>
    /// Not sent, or sent as null: Lunary's Python SDK sends every member it has no value for as null, so that an end
    /// would otherwise wipe the input of its start.
    /// </summary>
    public bool IsUnsaid => Token is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>Reads the object that the reader is at into <paramref name="slots"/>, indexed by <see cref="Member"/>.</summary>
    public static void ReadObject(ref Utf8JsonReader reader, Scope scope, scoped Span<Slot> slots)
    {
        slots[Members.RangeOf(scope)].Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Members.Of(scope, ref reader);
            reader.Read();
            var (start, token) = ((int)reader.TokenStartIndex, reader.TokenType);
            var below = Members.Below(member);
            if (below != Scope.None && token == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, below, slots);
            }
            else
            {
                if (below != Scope.None)
                {
                    slots[Members.RangeOf(below)].Clear();
                }

                reader.Skip();
            }

            slots[(int)member] = new Slot(start, (int)reader.BytesConsumed - start, token);
        }
    }
}
