using System.Globalization;
using Perilune.Model;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>
/// A question about runs as SQL: which index leads, what the columns can decide, and the rest that only
/// <see cref="FilterMatcher"/> can.
/// </summary>
internal sealed class RunSelection
{
    // Leading indexes, the most selective first.
    private static readonly string[] Leads = ["run_id", "run_trace", "run_thread", "run_user", "run_failed_name", "run_name", "run_failed", "run_root", "run_type", "run_start"];
    private const int MaxAlternatives = 200;

    /// <summary>The runs of more users are rather gone through by time than put in order.</summary>
    private const int MaxUsers = 20;
    private readonly List<string> _where = [];
    private readonly List<string> _indexes = ["run_start"];
    private readonly List<long> _tags = [];
    private string? _runs;

    /// <summary>What SQL leaves undecided; null when it decides everything.</summary>
    public Filter? Residual { get; private set; }

    /// <summary>No run can match.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>The residual looks into payloads for more than words (<see cref="Search.TextQuestion"/> finds those), not only into what stands in the run's state.</summary>
    public bool NeedsPayloads { get; private set; }

    public List<object> Parameters { get; } = [];

    public bool IsUnfiltered { get; private init; }

    public RunScope Scope { get; private init; }

    public static RunSelection Of(RunFileReader file, RunScope scope, Filter filter)
    {
        var hides = file.Since > Instant.MinValue && file.Starts() is { } starts && starts.First < file.Since;
        var selection = new RunSelection { Scope = scope, IsUnfiltered = filter is AndFilter { Items.Count: 0 } && !hides };
        if (hides)
        {
            selection._where.Add($"r.start >= {selection.Bound(file.Since.Micros)}");
        }

        switch (scope)
        {
            case RunScope.Llm:
                selection.TypeIs(file, RunTypes.Llm);
                selection.IsNoRepeat(file);
                break;
            case RunScope.Threads:
                selection.TypeIs(file, RunTypes.Thread);
                break;
            case RunScope.Traces:
                selection.Require("r.is_root = 1", "run_root");
                break;
            case RunScope.All:
                break;
        }

        var undecided = new List<Filter>();
        foreach (var item in filter is AndFilter all ? all.Items : [filter])
        {
            if (!selection.Decide(file, item))
            {
                undecided.Add(item);
            }
        }

        selection.Residual = undecided.Count == 0 ? null : new AndFilter(undecided);
        selection.NeedsPayloads = undecided.Exists(ReadsPayload);
        return selection;
    }

    /// <summary>FROM and WHERE, with <paramref name="extra"/> conditions; the columns of <c>run</c> are those of <c>r</c>.</summary>
    public string From(bool ordered, params IEnumerable<string> extra)
    {
        var others = LeadsByTag ? _tags.Skip(1) : _tags;
        var conditions = string.Join(" AND ", _where.Concat(others.Select(HasTag)).Concat(extra).DefaultIfEmpty("1"));
        return _runs is not null ? $"FROM run r NOT INDEXED WHERE r.seq IN ({_runs}) AND {conditions}"
            : LeadsByTag ? string.Create(CultureInfo.InvariantCulture, $"FROM run_tag t CROSS JOIN run r ON r.seq = t.seq WHERE t.tag = {_tags[0]} AND {conditions}")
            : !ordered && Lead == "run_start" ? $"FROM run r WHERE {conditions}"
            : $"FROM run r INDEXED BY {Lead} WHERE {conditions}";
    }

    /// <summary>Looks at these runs only, by their seq; null is at all of them.</summary>
    public void Within(IReadOnlyCollection<long>? runs) => _runs = runs is null ? null : string.Join(',', runs);

    /// <summary>The column that orders by start on the leading index.</summary>
    public string StartColumn => LeadsByTag ? "t.start" : "r.start";

    private string Lead => (_indexes.Contains("run_name") && _indexes.Contains("run_failed") ? _indexes.Append("run_failed_name") : _indexes).MinBy(index => Array.IndexOf(Leads, index))!;

    private bool LeadsByTag => _runs is null && _tags.Count > 0 && Array.IndexOf(Leads, Lead) > Array.IndexOf(Leads, "run_user");

    private static string HasTag(long tag) =>
        string.Create(CultureInfo.InvariantCulture, $"EXISTS(SELECT 1 FROM run_tag x WHERE x.tag = {tag} AND x.start = r.start AND x.seq = r.seq)");

    private bool Decide(RunFileReader file, Filter filter)
    {
        if (filter is OrFilter { Items: { Count: > 0 and <= MaxAlternatives } items } && (items.All(item => IsId(item, FilterField.Thread)) || items.All(item => IsId(item, FilterField.Id))))
        {
            var isThread = IsId(items[0], FilterField.Thread);
            var ids = string.Join(',', items.Cast<FieldFilter>().Select(item => Bound(RunId.FromClient(Wildcard.Literal(item.Value.Text!)!))));
            Require($"r.{(isThread ? "thread" : "id")} IN ({ids})", isThread ? "run_thread" : "run_id");
            return true;
        }

        if (filter is OrFilter { Items: { Count: > 0 } types } && types.All(IsType))
        {
            return NamesAre(file, "type", [.. types.Cast<FieldFilter>().Select(item => item.Value.Text!)]);
        }

        if (filter is UsersFilter among)
        {
            return UserIsAmong(file, among.Users);
        }

        if (filter is NotFilter { Item: FieldFilter { Field: FilterField.Repeat, Operator: FilterOperator.Exists } })
        {
            IsNoRepeat(file);
            return true;
        }

        if (filter is not FieldFilter { Operator: var op, Value: var value } field)
        {
            return false;
        }

        var literal = op is FilterOperator.Is && value.Text is { } text ? Wildcard.Literal(text) : null;
        switch (field.Field)
        {
            case FilterField.Type when op is FilterOperator.Is && value.Text is { } pattern:
                return NamesAre(file, "type", [pattern]);
            case FilterField.Name when op is FilterOperator.Is && value.Text is { } pattern:
                return NamesAre(file, "name", [pattern]);
            case FilterField.User when literal is { Length: > 0 }:
                TermIs(file, "r.user", literal, "run_user");
                return true;
            case FilterField.Messages:
                TypeIs(file, RunTypes.Thread);
                return false;
            case FilterField.Tag when literal is { Length: > 0 }:
                TagIs(file, literal);
                return true;
            case FilterField.Status when literal is not null:
                StatusIs(literal);
                return true;
            case FilterField.Id when literal is not null:
                Require($"r.id = {Bound(RunId.FromClient(literal))}", "run_id");
                return true;
            case FilterField.Trace when literal is not null:
                Require($"r.trace = {Bound(RunId.FromClient(literal))}", "run_trace");
                return true;
            case FilterField.Thread when literal is not null:
                Require($"r.thread = {Bound(RunId.FromClient(literal))}", "run_thread");
                return true;
            case FilterField.Start when value.Time is { } time && Comparison(op) is { } sign:
                _where.Add($"r.start {sign} {Bound(time.Micros)}");
                return true;
            case FilterField.Duration when value.Number is { } seconds && Comparison(op) is { } sign:
                _where.Add($"r.duration {sign} {Bound(FilterUnits.ToMicros(seconds))}");
                return true;
            case FilterField.Cost when value.Number is { } usd && Comparison(op) is { } sign:
                _where.Add($"r.cost {sign} {Bound(FilterUnits.ToNanoUsd(usd))}");
                return true;
            case FilterField.Tokens when value.Number is { } count && Comparison(op) is { } sign:
                _where.Add($"r.tokens {sign} {Bound(count)}");
                return true;
            default:
                return false;
        }
    }

    private static bool IsId(Filter filter, FilterField field) =>
        filter is FieldFilter { Operator: FilterOperator.Is, Value.Text: { } text } id && id.Field == field && Wildcard.Literal(text) is not null;

    private static bool IsType(Filter filter) => filter is FieldFilter { Field: FilterField.Type, Operator: FilterOperator.Is, Value.Text: not null };

    private static string? Comparison(FilterOperator op) => op switch
    {
        FilterOperator.Is => "=",
        FilterOperator.Greater => ">",
        FilterOperator.GreaterOrEqual => ">=",
        FilterOperator.Less => "<",
        FilterOperator.LessOrEqual => "<=",
        _ => null,
    };

    private string Bound(object value)
    {
        Parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"?{Parameters.Count}");
    }

    private void Require(string condition, string index)
    {
        _where.Add(condition);
        _indexes.Add(index);
    }

    private void TypeIs(RunFileReader file, string type) => TermIs(file, "r.type", type, "run_type");

    // Most files have none, and their counts need not look at each row for it.
    private void IsNoRepeat(RunFileReader file)
    {
        if (file.Db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM run INDEXED BY run_repeat WHERE is_repeat = 1)") == 1)
        {
            _where.Add("r.is_repeat = 0");
        }
    }

    private void TermIs(RunFileReader file, string column, string value, string index)
    {
        if (Terms.Lookup(file.Db, value) is { } term)
        {
            Require(string.Create(CultureInfo.InvariantCulture, $"{column} = {term}"), index);
        }
        else
        {
            IsEmpty = true;
        }
    }

    private bool UserIsAmong(RunFileReader file, IReadOnlySet<string> users)
    {
        if (users.Count > MaxUsers)
        {
            return false;
        }

        var terms = users.Select(user => Terms.Lookup(file.Db, user)).OfType<long>().ToList();
        IsEmpty |= terms.Count == 0;
        Require($"r.user IN ({string.Join(',', terms)})", "run_user");
        return true;
    }

    private void TagIs(RunFileReader file, string tag)
    {
        if (Terms.Lookup(file.Db, tag) is { } term)
        {
            _tags.Add(term);
        }
        else
        {
            IsEmpty = true;
        }
    }

    private void StatusIs(string word)
    {
        // Literals, not parameters: SQLite uses a partial index only when it sees the constant.
        var status = Enum.TryParse<RunStatus>(word, ignoreCase: true, out var parsed) ? parsed : (RunStatus?)null;
        switch (status)
        {
            case null:
                IsEmpty = true;
                break;
            case RunStatus.Error:
                Require("r.status = 3", "run_failed");
                break;
            default:
                _where.Add(string.Create(CultureInfo.InvariantCulture, $"r.status = {(int)status}"));
                break;
        }
    }

    // Names and types ignore case and take wildcards: matched against the distinct values there are, which are few.
    private bool NamesAre(RunFileReader file, string column, IReadOnlyList<string> patterns)
    {
        var terms = new List<long>();
        foreach (var pattern in patterns)
        {
            if (Wildcard.IsAny(pattern) || DistinctTerms.Matching(file, column, pattern) is not { } matching)
            {
                return false;
            }

            terms.AddRange(matching.Except(terms));
        }

        if (terms.Count == 0)
        {
            IsEmpty = true;
        }
        else if (terms.Count == 1)
        {
            Require(string.Create(CultureInfo.InvariantCulture, $"r.{column} = {terms[0]}"), "run_" + column);
        }
        else
        {
            _where.Add(string.Create(CultureInfo.InvariantCulture, $"r.{column} IN ({string.Join(',', terms)})"));
        }

        return true;
    }

    private static bool ReadsPayload(Filter filter) => filter switch
    {
        AndFilter all => all.Items.Any(ReadsPayload),
        OrFilter any => any.Items.Any(ReadsPayload),
        NotFilter negation => ReadsPayload(negation.Item),
        FieldFilter { Field: var field } => FilterFields.ReadsPayload(field),
        _ => false,
    };
}
