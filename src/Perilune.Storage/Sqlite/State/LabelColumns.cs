using System.Buffers;
using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.State;

/// <summary>The columns for what runs hand down: a user and an environment as terms, tags as a list of terms.</summary>
internal static class LabelColumns
{
    /// <summary>From three columns of a row.</summary>
    public static RunLabels Read(Statement row, int user, int environment, int tags, Func<long, string> term) =>
        new(Term(row.NullableInt64(user), term), Term(row.NullableInt64(environment), term), Decode(row.Blob(tags), term));

    public static string? Term(long? id, Func<long, string> term) => id is { } value ? term(value) : null;

    /// <summary>Null for none.</summary>
    public static byte[]? Encode(TagList tags, Terms terms)
    {
        if (tags.Count == 0)
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>(tags.Count * 2);
        foreach (var tag in tags)
        {
            Varint.Write(bytes, (ulong)terms.IdOf(tag));
        }

        return bytes.WrittenSpan.ToArray();
    }

    public static TagList Decode(ReadOnlySpan<byte> column, Func<long, string> term)
    {
        if (column.IsEmpty)
        {
            return TagList.None;
        }

        var tags = new List<string>();
        while (!column.IsEmpty)
        {
            tags.Add(term((long)Varint.Read(ref column)));
        }

        return TagList.Of(tags);
    }
}
