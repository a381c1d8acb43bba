using System.Text;

namespace Perilune.Model.Filtering;

/// <summary>Reads one term: a word, a phrase, or <c>field operator value</c>.</summary>
internal sealed class FilterTerms(FilterReader reader, Instant now)
{
    private readonly FilterValues _values = new(reader, now);

    public Filter Parse()
    {
        if (reader.Current == '"')
        {
            return Words(reader.Position, reader.Quoted());
        }

        var start = reader.Position;
        var key = Key();
        var keyEnd = reader.Position;
        if (keyEnd > start && Operator() is { } op)
        {
            return Field(key, start, keyEnd, op);
        }

        reader.Position = start;
        while (!reader.AtEnd && !FilterReader.EndsTerm(reader.Current) && reader.Current is not ('"' or '*'))
        {
            reader.Position++;
        }

        return Words(start, reader.Slice(start, reader.Position));
    }

    /// <summary>A text to search for, up to where the reader stands, and the star that may follow.</summary>
    private Filter Words(int start, string text)
    {
        var star = reader.Position;
        while (reader.Current == '*')
        {
            reader.Position++;
        }

        var words = new TextFilter(text) { IsPrefix = reader.Position > star };
        if (words.IsPrefix && !reader.AtEnd && !FilterReader.EndsTerm(reader.Current))
        {
            return Fail(star, 1, "A star stands for the rest of a word, so it comes last.", "For example: timeou* or \"request timeou\"*");
        }

        return words.Phrase.IsEmpty && text.Length > 0
            ? Fail(start, reader.Position - start, "There is no word in this to search for.", "A word has letters or digits.")
            : words;
    }

    /// <summary>The name before an operator; parts of it may be quoted: <c>meta."two words"</c>.</summary>
    private string Key()
    {
        var key = new StringBuilder();
        while (!reader.AtEnd)
        {
            if (reader.Current == '"' && key.Length > 0 && key[^1] == '.')
            {
                var (start, errors) = (reader.Position, reader.Errors.Count);
                var quoted = reader.Quoted();
                if (reader.Errors.Count > errors)
                {
                    // Not a key after all; the quote is reported when it is read as text.
                    reader.Errors.RemoveAt(errors);
                    reader.Position = start;
                    break;
                }

                key.Append(quoted);
            }
            else if (FilterReader.EndsTerm(reader.Current) || reader.Current is '"' or ':' or '=' or '<' or '>' or '~' or '!' or '*' or ',')
            {
                break;
            }
            else
            {
                key.Append(reader.Current);
                reader.Position++;
            }
        }

        return key.ToString();
    }

    private string? Operator()
    {
        foreach (var op in (ReadOnlySpan<string>)[":>=", ":<=", ":>", ":<", ">=", "<=", "!=", ":", "=", ">", "<", "~"])
        {
            if (reader.Position + op.Length <= reader.Length && reader.Slice(reader.Position, reader.Position + op.Length) == op)
            {
                reader.Position += op.Length;
                return op.Length > 1 && op[0] == ':' ? op[1..] : op;
            }
        }

        return null;
    }

    private Filter Field(string key, int start, int keyEnd, string op)
    {
        var values = _values.Read(op);
        if (values.Count == 0)
        {
            return Filter.All;
        }

        if (key.Equals("has", StringComparison.OrdinalIgnoreCase))
        {
            return op is ":" or "="
                ? AnyOf(values.Select(value => Has(value)))
                : Fail(start, keyEnd - start, "\"has\" takes a colon.", "For example: has:feedback");
        }

        if (FilterFields.TypedNames.TryGetValue(key, out var types))
        {
            var type = new OrFilter([.. types.Select(type => Is(FilterField.Type, type))]);
            var (positive, negate) = op == "!=" ? (":", true) : (op, false);
            var named = new AndFilter([type, Compare(FilterFields.Of(FilterField.Name), null, positive, values, start, keyEnd)]);
            return negate ? new NotFilter(named) : named;
        }

        return Resolve(key, start, keyEnd - start) is var (field, path)
            ? Compare(field, path, op, values, start, keyEnd)
            : Filter.All;
    }

    private Filter Compare(FilterFieldInfo field, string? path, string op, List<WrittenValue> values, int start, int keyEnd)
    {
        if (field.Kind is FilterValueKind.Json && path is null)
        {
            if (field.Field is not FilterField.Feedback)
            {
                return Fail(start, keyEnd - start, $"\"{field.Name}\" needs a key.", $"For example: {field.Example}");
            }

            path = "thumb";
        }

        return op switch
        {
            "!=" => new NotFilter(AnyOf(values.Select(value => _values.Is(field, path, value)))),
            ":" or "=" => AnyOf(values.Select(value => _values.Is(field, path, value))),
            "~" => AnyOf(values.Select(value => _values.Contains(field, path, value))),
            _ when values.Count > 1 => Fail(values[1].Position, values[1].Length, $"\"{op}\" compares with one value.", "Put a value that has a comma in quotes."),
            _ => _values.Compare(field, path, op, values[0]),
        };
    }

    private Filter Has(WrittenValue value)
    {
        if (FilterFields.TypedNames.TryGetValue(value.Plain, out var types))
        {
            return new AndFilter([AnyOf(types.Select(type => Is(FilterField.Type, type))), new FieldFilter(FilterField.Name, null, FilterOperator.Exists, default)]);
        }

        return Resolve(value.Plain, value.Position, value.Length) is var (field, path)
            ? new FieldFilter(field.Field, path, FilterOperator.Exists, default)
            : Filter.All;
    }

    /// <summary>The field and the path below it that a name such as <c>meta.tier</c> means.</summary>
    private (FilterFieldInfo Field, string? Path)? Resolve(string key, int position, int length)
    {
        if (FilterFields.Find(key) is { } whole)
        {
            return (whole, null);
        }

        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? key : key[..dot];
        if (dot > 0 && FilterFields.Find(name) is { } field)
        {
            if (field.Kind is not FilterValueKind.Json)
            {
                reader.Fail(position, length, $"\"{field.Name}\" has no parts.", $"For example: {field.Example}");
                return null;
            }

            // meta."" is the empty key; meta. on its own is a key not yet typed.
            if (dot == key.Length - 1 && reader[position + length - 1] == '.')
            {
                reader.Fail(position, length, $"A key is missing after \"{key}\".", $"For example: {field.Example}");
                return null;
            }

            return (field, key[(dot + 1)..]);
        }

        reader.Fail(position, length, $"There is no field \"{key}\".", FilterFields.Nearest(name) is { } near
            ? $"Did you mean \"{near}{(dot < 0 ? "" : key[dot..])}\"?"
            : "To search for the words themselves, put them in quotes.");
        return null;
    }

    private Filter Fail(int position, int length, string message, string suggestion)
    {
        reader.Fail(position, length, message, suggestion);
        return Filter.All;
    }

    private static FieldFilter Is(FilterField field, string text) => new(field, null, FilterOperator.Is, new() { Text = text });

    private static OrFilter AnyOf(IEnumerable<Filter> items) => new([.. items]);
}
