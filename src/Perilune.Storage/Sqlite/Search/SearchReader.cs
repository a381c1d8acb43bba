using System.Text;
using Perilune.Model.Words;
using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>What a search asks of an index, on a connection of its own.</summary>
internal sealed class SearchReader(Database db, int generation) : IDisposable
{
    // Of a phrase, words beyond this many do not narrow the search down further; the texts decide.
    private const int MaxWords = 16;
    private const int MaxExpansions = 64;
    private const int MaxExpandedDocuments = 20_000;

    public Database Db => db;

    public int Generation => generation;

    public void Dispose() => db.Dispose();

    /// <summary>
    /// The phrase for FTS5: every document that says it matches, and when it is a single word no other. Null when the
    /// beginning of a word is that of too many words; "" when no document has the words.
    /// </summary>
    public string? MatchOf(Phrase phrase)
    {
        var last = phrase.Words.Count - 1;
        var parts = phrase.Words.Take(phrase.IsPrefix ? last : last + 1).Distinct(StringComparer.Ordinal).Take(MaxWords).Select(word => $"\"{word}\"").ToList();
        if (phrase.IsPrefix)
        {
            if (Expand(phrase.Words[last]) is not { } words)
            {
                return null;
            }

            if (words.Count == 0)
            {
                return "";
            }

            parts.Add($"({string.Join(" OR ", words.Select(word => $"\"{word}\""))})");
        }

        return string.Join(" AND ", parts);
    }

    /// <summary>The numbers of the documents that match; null when there are more than <paramref name="limit"/>.</summary>
    public List<long>? Documents(string match, int limit)
    {
        var found = new List<long>();
        var row = db.Prepare("SELECT rowid FROM word WHERE word MATCH ?1 LIMIT ?2").Bind(1, match).Bind(2, limit + 1L);
        while (row.Step())
        {
            found.Add(row.Int64(0));
        }

        row.Reset();
        return found.Count > limit ? null : found;
    }

    /// <summary>Sets the bits of the documents that match, counted from <paramref name="first"/>.</summary>
    public void Mark(string match, long first, ulong[] bits)
    {
        var row = db.Prepare("SELECT rowid FROM word WHERE word MATCH ?1 AND rowid BETWEEN ?2 AND ?3")
            .Bind(1, match).Bind(2, first).Bind(3, first + (64L * bits.Length) - 1);
        while (row.Step())
        {
            var at = row.Int64(0) - first;
            bits[at >> 6] |= 1UL << (int)(at & 63);
        }

        row.Reset();
    }

    /// <summary>The run that a body comes from.</summary>
    public long? OwnerOf(long body)
    {
        var row = db.Prepare("SELECT last, run FROM piece WHERE first <= ?1 ORDER BY first DESC LIMIT 1").Bind(1, body);
        long? owner = row.Step() && row.Int64(0) >= body ? row.Int64(1) : null;
        row.Reset();
        return owner;
    }

    /// <summary>The run that a literal's document is of.</summary>
    public long? RunOf(long literal)
    {
        var row = db.Prepare("SELECT run FROM literal WHERE id = ?1").Bind(1, literal);
        long? run = row.Step() ? row.Int64(0) : null;
        row.Reset();
        return run;
    }

    /// <summary>Later runs that may hold this body of the run's, and lead to others that do.</summary>
    public void AddUsers(long owner, long body, Stack<long> users)
    {
        var row = db.Prepare("SELECT user FROM reuse WHERE owner = ?1 AND upto >= ?2").Bind(1, owner).Bind(2, body);
        while (row.Step())
        {
            users.Push(row.Int64(0));
        }

        row.Reset();
    }

    private List<string>? Expand(string prefix)
    {
        var words = new List<string>();
        var documents = 0L;
        var row = db.Prepare("SELECT term, doc FROM vocabulary WHERE term >= ?1 AND term < ?2")
            .BindText(1, Encoding.UTF8.GetBytes(prefix)).BindText(2, Encoding.UTF8.GetBytes(prefix + "\U0010FFFF"));
        while (row.Step())
        {
            words.Add(row.Text(0));
            documents += row.Int64(1);
            if (words.Count > MaxExpansions || documents > MaxExpandedDocuments)
            {
                row.Reset();
                return null;
            }
        }

        row.Reset();
        return words;
    }
}
