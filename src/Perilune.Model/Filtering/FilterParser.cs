namespace Perilune.Model.Filtering;

/// <summary>
/// Reads what people type: <c>type:llm cost>0.05 -tag:beta (user:u_42 OR meta.tier:pro) "exact words"</c>. Terms side by
/// side must all match; <c>OR</c> binds weaker, <c>NOT</c> or <c>-</c> stronger; <c>a,b</c> in a value means any of them;
/// <c>*</c> is a wildcard; quotes take everything literally. Never throws.
/// </summary>
public static class FilterParser
{
    /// <summary>Characters of a filter.</summary>
    public const int MaxLength = 4096;

    /// <summary>Parentheses within parentheses.</summary>
    public const int MaxDepth = 32;

    internal const string And = "AND";
    internal const string Or = "OR";
    internal const string Not = "NOT";

    private const int MaxErrors = 10;

    /// <param name="now">What <c>-24h</c>, <c>today</c> and <c>yesterday</c> count from.</param>
    public static FilterParseResult Parse(string text, Instant now)
    {
        if (text.Length > MaxLength)
        {
            return new(null, [new(MaxLength, text.Length - MaxLength, $"The filter has {text.Length} characters; at most {MaxLength} are allowed.")]);
        }

        var reader = new FilterReader(text);
        var filter = new Grammar(reader, new FilterTerms(reader, now)).ParseAll();
        return reader.Errors.Count == 0
            ? new(filter.Normalize(), [])
            : new(null, [.. reader.Errors.OrderBy(error => error.Position).Take(MaxErrors)]);
    }

    /// <summary>The connectives; single terms are <see cref="FilterTerms"/>.</summary>
    private sealed class Grammar(FilterReader reader, FilterTerms terms)
    {
        private int _depth;
        private bool _tooDeep;

        public Filter ParseAll()
        {
            var filter = Alternatives();
            while (!reader.AtEnd)
            {
                reader.Fail(reader.Position, 1, "This parenthesis closes nothing.", "Remove it, or put it in quotes to search for it.");
                reader.Position++;
                filter = Alternatives();
            }

            return filter;
        }

        private Filter Alternatives()
        {
            var items = new List<Filter> { Conjunction() };
            while (reader.TakeWord(Or) is { } at)
            {
                if (!StartsOperand())
                {
                    reader.Fail(at, Or.Length, "There is nothing to the right of OR.", "Put it in quotes to search for the word.");
                }

                items.Add(Conjunction());
            }

            return items is [var only] ? only : new OrFilter(items);
        }

        private Filter Conjunction()
        {
            if (reader.PeekWord(Or) is { } at)
            {
                reader.Fail(at, Or.Length, "There is nothing to the left of OR.", "Put it in quotes to search for the word.");
            }

            var items = new List<Filter>();
            while (StartsOperand())
            {
                items.Add(Operand());
                if (reader.TakeWord(And) is { } and && !StartsOperand())
                {
                    reader.Fail(and, And.Length, "There is nothing to the right of AND.", "Put it in quotes to search for the word.");
                }
            }

            return items is [var only] ? only : new AndFilter(items);
        }

        private bool StartsOperand()
        {
            reader.SkipSpace();
            return !reader.AtEnd && reader.Current != ')' && reader.PeekWord(Or) is null;
        }

        private Filter Operand()
        {
            var negated = false;
            while (true)
            {
                if (reader.TakeWord(Not) is { } not)
                {
                    if (!StartsOperand())
                    {
                        reader.Fail(not, Not.Length, "There is nothing to the right of NOT.", "Put it in quotes to search for the word.");
                        return Filter.All;
                    }
                }
                else if (reader.Current == '-' && reader.Position + 1 < reader.Length && !FilterReader.EndsTerm(reader[reader.Position + 1], openingToo: false))
                {
                    reader.Position++;
                }
                else
                {
                    break;
                }

                negated = !negated;
            }

            if (reader.TakeWord(And) is { } and)
            {
                reader.Fail(and, And.Length, "There is nothing to the left of AND.", "Put it in quotes to search for the word.");
                return Filter.All;
            }

            var operand = reader.Current == '(' ? Group() : terms.Parse();
            return negated ? new NotFilter(operand) : operand;
        }

        private Filter Group()
        {
            var opening = reader.Position++;
            if (_depth == MaxDepth)
            {
                reader.Fail(opening, 1, $"Parentheses are nested more than {MaxDepth} deep.");
                reader.Position = reader.Length;
                _tooDeep = true;
                return Filter.All;
            }

            _depth++;
            var inner = Alternatives();
            _depth--;
            if (!reader.AtEnd)
            {
                reader.Position++;
            }
            else if (!_tooDeep)
            {
                reader.Fail(opening, 1, "This parenthesis is not closed.", "Add a ) or put it in quotes to search for it.");
            }

            return inner;
        }
    }
}
