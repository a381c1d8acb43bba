using Perilune.Model.Filtering;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Read;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>
/// The words of one filter, asked of one run file: which runs may say them, as long as those are few, and whether a given
/// run does. What was committed before the question began is always seen: the index as it stands, and the runs it has not
/// come to.
/// </summary>
internal sealed class TextQuestion : IDisposable
{
    private const int MaxDocuments = 2_000;
    private const int MaxRuns = 4_000;
    private readonly RunFileReader _file;
    private readonly SearchReader? _index;
    private readonly SearchProgress _done;
    private readonly Dictionary<TextFilter, PhraseBodies> _phrases = [];
    private readonly CancellationTokenRegistration _cancelled;

    private TextQuestion(RunFileReader file, SearchReader? index, Filter filter)
    {
        _file = file;
        _index = index;
        if (index is not null)
        {
            _cancelled = file.Cancelled.Register(static db => ((Database)db!).Interrupt(), index.Db);
        }

        try
        {
            // The index first, the run file later: what the one lacks is looked for in the other.
            index?.Db.Execute("BEGIN");
            _done = index is null ? default : SearchProgress.Read(index.Db);
            Runs = index is null ? null : RunsThatMay(filter);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The numbers of all runs that can match; null when the runs have to be gone through.</summary>
    public IReadOnlyCollection<long>? Runs { get; }

    /// <summary>Puts a question; the answer gets null when <paramref name="filter"/> has no words in it.</summary>
    public static T Ask<T>(RunFileReader file, Filter? filter, Func<TextQuestion?, T> answer)
    {
        if (filter is null || !HasWords(filter))
        {
            return answer(null);
        }

        try
        {
            using var question = new TextQuestion(file, file.Search(), filter);
            return answer(question);
        }
        catch (SqliteException e) when (e.PrimaryCode != SQLitePCL.raw.SQLITE_INTERRUPT && file.HasSearch)
        {
            // Whichever of the two files it was: without the index, only the run file is asked.
            file.DropSearch(e);
            using var question = new TextQuestion(file, null, filter);
            return answer(question);
        }
    }

    /// <summary>Whether a run's input, output or error says the words.</summary>
    public bool Says(RunRow row, TextFilter words)
    {
        var phrase = PhraseOf(words);
        return Says(row.Input, phrase) || Says(row.Output, phrase) || Says(row.Error, phrase);
    }

    public void Dispose()
    {
        _cancelled.Dispose();
        if (_index is not null)
        {
            try
            {
                _index.Db.Execute("ROLLBACK");
            }
            catch (SqliteException)
            {
                // It did not get as far as to begin, or ended by its error.
            }
        }
    }

    /// <summary>Whether the filter looks for words anywhere.</summary>
    public static bool HasWords(Filter filter) => filter switch
    {
        AndFilter all => all.Items.Any(HasWords),
        OrFilter any => any.Items.Any(HasWords),
        NotFilter negation => HasWords(negation.Item),
        TextFilter words => !words.Phrase.IsEmpty,
        _ => false,
    };

    private static bool Says(byte[]? rope, PhraseBodies phrase)
    {
        foreach (var segment in new Rope(rope ?? []))
        {
            if (segment.Body == 0 ? phrase.Says(segment.Literal) : phrase.Says(segment.Body))
            {
                return true;
            }
        }

        return false;
    }

    private PhraseBodies PhraseOf(TextFilter words)
    {
        if (!_phrases.TryGetValue(words, out var phrase))
        {
            _phrases[words] = phrase = new PhraseBodies(_file.Db, _index, _done, words.Phrase);
        }

        return phrase;
    }

    private HashSet<long>? RunsThatMay(Filter filter)
    {
        var runs = Indexed(filter);
        return runs is not null && AddRunsBeyond(runs) ? runs : null;
    }

    // Of the indexed runs, those that may match; null when they may be too many.
    private HashSet<long>? Indexed(Filter filter)
    {
        switch (filter)
        {
            case TextFilter { Phrase.IsEmpty: false } words:
                return Saying(PhraseOf(words));
            case AndFilter all:
                return all.Items.Select(Indexed).OfType<HashSet<long>>().MinBy(runs => runs.Count);
            case OrFilter { Items.Count: > 0 } any:
                var union = new HashSet<long>();
                foreach (var item in any.Items)
                {
                    if (Indexed(item) is not { } runs || union.Count + runs.Count > MaxRuns)
                    {
                        return null;
                    }

                    union.UnionWith(runs);
                }

                return union;
            default:
                return null;
        }
    }

    private HashSet<long>? Saying(PhraseBodies phrase)
    {
        if (phrase.Documents(MaxDocuments) is not { } documents)
        {
            return null;
        }

        // By run, the least body it was met with: from there on, what leads on for greater ones has been followed as well.
        var met = new Dictionary<long, long>();
        var open = new Stack<long>();
        foreach (var document in documents)
        {
            _file.Cancelled.ThrowIfCancellationRequested();
            if (document >= SearchSchema.FirstLiteral)
            {
                if (_index!.RunOf(document - SearchSchema.FirstLiteral) is { } run)
                {
                    met.TryAdd(run, long.MaxValue);
                }
            }
            else if (_index!.OwnerOf(document) is { } owner)
            {
                open.Push(owner);
                while (open.TryPop(out var user))
                {
                    if (met.TryGetValue(user, out var least) && least <= document)
                    {
                        continue;
                    }

                    met[user] = document;
                    if (met.Count > MaxRuns)
                    {
                        return null;
                    }

                    _index.AddUsers(user, document, open);
                }
            }
        }

        return [.. met.Keys];
    }

    // False when the index lags so far behind that the runs have to be gone through anyway.
    private bool AddRunsBeyond(HashSet<long> runs)
    {
        var room = runs.Count + MaxRuns;
        foreach (var (sql, after) in new[] { ("SELECT seq FROM run WHERE seq > ?1 LIMIT ?2", _done.Run), ("SELECT run FROM change WHERE id > ?1 LIMIT ?2", _done.Change) })
        {
            var row = _file.Db.Prepare(sql).Bind(1, after).Bind(2, MaxRuns + 1L);
            var count = 0;
            while (row.Step())
            {
                runs.Add(row.Int64(0));
                count++;
            }

            row.Reset();
            if (count > MaxRuns || runs.Count > room)
            {
                return false;
            }
        }

        return true;
    }
}
