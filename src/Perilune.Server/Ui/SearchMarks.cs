using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Model.Words;

namespace Perilune.Server.Ui;

/// <summary>What a reader searched for, to be marked wherever a page shows it.</summary>
public sealed class SearchMarks
{
    private const int MostWanted = 8;

    /// <summary>Of one text: a page that is nothing but marks tells nobody anything.</summary>
    private const int MostMarks = 100;

    private readonly IReadOnlyList<Phrase> _phrases;
    private readonly IReadOnlyList<string> _parts;

    private SearchMarks(IReadOnlyList<Filter> wanted)
    {
        _phrases = [.. wanted.OfType<TextFilter>().Select(words => words.Phrase)];
        _parts = [.. wanted.OfType<FieldFilter>().Select(field => field.Value.Text!)];
        Query = FilterText.Print(new AndFilter(wanted));
    }

    public static SearchMarks None { get; } = new([]);

    /// <summary>The marks as a filter that has nothing else in it, to be handed on in an address; empty when there are none.</summary>
    public string Query { get; }

    public bool IsEmpty => _phrases.Count + _parts.Count == 0;

    /// <summary>The words that a filter looks for, and the parts of words.</summary>
    public static SearchMarks Of(Filter filter) => Wanted(filter.Normalize()).Distinct().Take(MostWanted).ToList() is { Count: > 0 } wanted ? new SearchMarks(wanted) : None;

    /// <summary>Those of an address; none when it cannot be meant.</summary>
    public static SearchMarks Parse(string? query, Instant now) =>
        query is { Length: > 0 } && FilterParser.Parse(query, now) is { Filter: { } filter } ? Of(filter) : None;

    /// <summary>Where the first of them begins in a text; null when it says none.</summary>
    public int? First(ReadOnlySpan<char> text)
    {
        int? first = null;
        foreach (var phrase in _phrases)
        {
            first = Earlier(first, phrase.Find(text)?.Start.Value);
        }

        foreach (var part in _parts)
        {
            first = Earlier(first, text.IndexOf(part, StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at : null);
        }

        return first;
    }

    /// <summary>The text in pieces, in order.</summary>
    public IReadOnlyList<(string Text, bool IsMarked)> Split(string text)
    {
        var pieces = new List<(string, bool)>();
        var at = 0;
        foreach (var (start, end) in Places(text).Order().Take(MostMarks))
        {
            if (end <= at)
            {
                continue;
            }

            var from = Math.Max(at, start);
            if (from > at)
            {
                pieces.Add((text[at..from], false));
            }

            pieces.Add((text[from..end], true));
            at = end;
        }

        if (at < text.Length)
        {
            pieces.Add((text[at..], false));
        }

        return pieces;
    }

    private IEnumerable<(int Start, int End)> Places(string text) =>
        _phrases.SelectMany(phrase => All(from => phrase.Find(text.AsSpan(from)) is { } range ? (from + range.Start.Value, from + range.End.Value) : null))
            .Concat(_parts.SelectMany(part => All(from => text.IndexOf(part, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var start ? (start, start + part.Length) : null)));

    private static IEnumerable<(int Start, int End)> All(Func<int, (int Start, int End)?> next)
    {
        var (from, left) = (0, MostMarks);
        while (left-- > 0 && next(from) is { } place && place.End > from)
        {
            yield return place;
            from = place.End;
        }
    }

    // What is asked not to be said is nowhere to be marked.
    private static IEnumerable<Filter> Wanted(Filter filter) => filter switch
    {
        AndFilter all => all.Items.SelectMany(Wanted),
        OrFilter any => any.Items.SelectMany(Wanted),
        TextFilter { Phrase.IsEmpty: false } => [filter],
        FieldFilter { Field: FilterField.Input or FilterField.Output or FilterField.Error, Operator: FilterOperator.Contains, Value.Text.Length: > 0 } => [filter],
        _ => [],
    };

    private static int? Earlier(int? a, int? b) => a is null || b < a ? b ?? a : a;
}
