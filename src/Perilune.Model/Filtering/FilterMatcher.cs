using System.Globalization;
using System.Text.Json;

namespace Perilune.Model.Filtering;

/// <summary>
/// The reference meaning of a filter; every store has to agree with it.
/// <list type="bullet">
/// <item>A run without the field matches no comparison, hence every <see cref="NotFilter"/> of one.</item>
/// <item>Types, names, runtimes and statuses ignore letter case; ids, users, tags, templates, metadata, feedback and
/// scores do not, except under <see cref="FilterOperator.Contains"/>. Ignoring case is
/// <see cref="StringComparison.OrdinalIgnoreCase"/>.</item>
/// <item>Metadata, feedback and scores: <see cref="FilterOperator.Is"/> compares the text of a scalar (a string's
/// content, anything else as written) with the pattern, and a number also by its value; the order comparisons take
/// numbers, and strings that are written like one. A path looks into arrays; see <c>JsonLookup</c>.</item>
/// <item>Lengths are those of all of a payload's texts together; a pattern has to match within one of them.</item>
/// <item>Durations compare in whole microseconds, cost in whole nano-USD (<see cref="FilterUnits"/>).</item>
/// <item>An attribute is one of the run or of the process that sent it.</item>
/// <item>The run's own id also matches as its client sent it; thread, trace and parent match by
/// <see cref="RunId.FromClient"/> of the value, and with a wildcard by their UUID form.</item>
/// <item>Words are looked for as <see cref="TextFilter"/> says; <see cref="FilterOperator.Contains"/> also finds parts of words.</item>
/// <item>A repeat reports a call that another run of its trace counts for: <c>has:repeat</c>.</item>
/// <item>User, environment and tags are the effective ones; a start is the one that lists order by. What is known of users is not part of a
/// run: <see cref="FilterUsers"/> looks it up first.</item>
/// </list>
/// </summary>
public static class FilterMatcher
{
    private const string Repeated = "yes";

    public static bool Matches(Filter filter, Run run) => Matches(filter, run, words => Says(run, words));

    /// <param name="says">Decides about words (<see cref="Says"/>), for stores that can tell without reading the payloads.</param>
    public static bool Matches(Filter filter, Run run, Func<TextFilter, bool> says) => filter switch
    {
        AndFilter all => all.Items.All(item => Matches(item, run, says)),
        OrFilter any => any.Items.Any(item => Matches(item, run, says)),
        NotFilter negation => !Matches(negation.Item, run, says),
        TextFilter words => words.Phrase.IsEmpty || says(words),
        FieldFilter field => Field(field, run),
        UsersFilter users => run.User.Effective is { } user && users.Users.Contains(user),
        _ => false,
    };

    private static bool Says(Run run, TextFilter words) =>
        PayloadText.Says(run.Input.Span, words.Phrase) || PayloadText.Says(run.Output.Span, words.Phrase) || PayloadText.Says(run.Error.Span, words.Phrase);

    private static bool Field(FieldFilter filter, Run run) => filter.Field switch
    {
        FilterField.Type => Text(filter, run.Type),
        FilterField.Name => Text(filter, run.Name),
        FilterField.Status => run.Status is not RunStatus.None || filter.Operator is not FilterOperator.Exists ? Text(filter, FilterFields.StatusWord(run.Status)) : false,
        FilterField.User => Text(filter, run.User.Effective),
        FilterField.Tag => run.EffectiveTags.Any(tag => Text(filter, tag)),
        FilterField.Runtime => Text(filter, run.Runtime),
        FilterField.Template => Text(filter, run.TemplateVersionId),
        FilterField.Metadata => Json(filter, run.Metadata),
        FilterField.Feedback => Json(filter, run.Feedback),
        FilterField.Score => run.Scores.Any(score => Score(filter, score)),
        FilterField.Environment => Text(filter, run.Environment.Effective),
        FilterField.Release => Text(filter, run.Release),
        FilterField.Service => Text(filter, run.Service),
        FilterField.Provider => Text(filter, run.Provider),
        FilterField.ServedModel => Text(filter, run.ServedModel),
        FilterField.CallId => Text(filter, run.CallId),
        FilterField.Finish => run.FinishReasons.Any(reason => Text(filter, reason)),
        FilterField.Attribute => Json(filter, run.Attributes) || Json(filter, run.Resource),
        FilterField.Error => Payload(filter, run.Error),
        FilterField.Input => Payload(filter, run.Input),
        FilterField.Output => Payload(filter, run.Output),
        FilterField.InputLength => run.Input.HasValue && Number(filter, PayloadText.Length(run.Input)),
        FilterField.OutputLength => run.Output.HasValue && Number(filter, PayloadText.Length(run.Output)),
        FilterField.InputPattern => Pattern(filter, run.Input),
        FilterField.OutputPattern => Pattern(filter, run.Output),
        FilterField.Start => Time(filter, run.ListedAt),
        FilterField.Duration => run.Duration is { } duration && Integer(filter, (long)duration.TotalMicroseconds, FilterUnits.ToMicros),
        FilterField.Cost => run.Cost is { } cost && Integer(filter, cost, FilterUnits.ToNanoUsd),
        FilterField.Tokens => run.Usage?.Total is { } total && Number(filter, total),
        FilterField.InputTokens => run.Usage?.Input is { } input && Number(filter, input),
        FilterField.OutputTokens => run.Usage?.Output is { } output && Number(filter, output),
        FilterField.Messages => run.Messages is { } messages && Number(filter, messages),
        FilterField.Repeat => Text(filter, run.IsRepeat ? Repeated : null),
        FilterField.Thread => run.ThreadId is { } thread && Id(filter, thread, null),
        FilterField.Trace => Id(filter, run.TraceId, null),
        FilterField.Parent => run.ParentId is { } parent && Id(filter, parent, null),
        FilterField.Id => Id(filter, run.Id, run.ClientId),
        _ => false,
    };

    private static bool Text(FieldFilter filter, string? value) => value is not null && (filter.Operator, filter.Value.Text) switch
    {
        (FilterOperator.Exists, _) or (FilterOperator.Contains, "") => value.Length > 0,
        (FilterOperator.Contains, { } part) => value.Contains(part, StringComparison.OrdinalIgnoreCase),
        (FilterOperator.Is, { } pattern) => Wildcard.IsAny(pattern) ? value.Length > 0 : Wildcard.Matches(pattern, value, FilterFields.Of(filter.Field).IgnoresCase),
        _ => false,
    };

    private static bool Id(FieldFilter filter, RunId id, string? clientId) => filter switch
    {
        { Operator: FilterOperator.Is, Value.Text: { } pattern } when Wildcard.Literal(pattern) is { } literal =>
            RunId.FromClient(literal) == id || string.Equals(clientId, literal, StringComparison.Ordinal),
        _ => Text(filter, id.ToString()) || Text(filter, clientId),
    };

    private static bool Payload(FieldFilter filter, RawJson payload) => filter.Normalize() switch
    {
        FieldFilter { Operator: FilterOperator.Exists } => payload.HasValue,
        FieldFilter { Operator: FilterOperator.Contains, Value.Text: { } part } => PayloadText.Contains(payload, part),
        _ => false,
    };

    private static bool Pattern(FieldFilter filter, RawJson payload) =>
        filter.Operator is FilterOperator.Exists ? payload.HasValue
        : filter.Value.Text is { } text && Wildcard.Literal(text) is { } pattern && FilterPatterns.Find(pattern) is { } regex && PayloadText.Matches(payload, regex);

    internal static bool Json(FieldFilter filter, RawJson json) => filter.Normalize() switch
    {
        FieldFilter { Operator: FilterOperator.Exists, Path: null } => JsonLookup.HasContent(json),
        FieldFilter { Operator: FilterOperator.Exists, Path: { } path } => JsonLookup.Exists(json, path),
        FieldFilter { Path: { } path } normal => JsonLookup.Any(json, path, (text, type) => Scalar(normal, text, type)),
        _ => false,
    };

    private static bool Score(FieldFilter filter, Score score) => filter.Normalize() switch
    {
        FieldFilter { Operator: FilterOperator.Exists } normal => normal.Path is null || string.Equals(score.Label, normal.Path, StringComparison.Ordinal),
        FieldFilter normal => string.Equals(score.Label, normal.Path, StringComparison.Ordinal) && JsonLookup.Is(score.Value, (text, type) => Scalar(normal, text, type)),
        _ => false,
    };

    private static bool Scalar(FieldFilter filter, string text, JsonTokenType type) => (filter.Operator, filter.Value) switch
    {
        (FilterOperator.Contains, { Text: { } part }) => text.Contains(part, StringComparison.OrdinalIgnoreCase),
        (FilterOperator.Is, { Text: { } pattern }) => Wildcard.Matches(pattern, text, ignoreCase: false) ||
            (type is JsonTokenType.Number && ReadNumber(pattern) is { } wanted && ReadNumber(text) == wanted),
        (_, { Number: not null }) => type is JsonTokenType.Number or JsonTokenType.String && ReadNumber(text) is { } number && Number(filter, number),
        _ => false,
    };

    private static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    private static bool Time(FieldFilter filter, Instant time) =>
        filter.Operator is FilterOperator.Exists || (filter.Value.Time is { } wanted && Compare(filter.Operator, time.CompareTo(wanted)));

    private static bool Integer(FieldFilter filter, long value, Func<double, long> convert) =>
        filter.Operator is FilterOperator.Exists || (filter.Value.Number is { } wanted && Compare(filter.Operator, value.CompareTo(convert(wanted))));

    private static bool Number(FieldFilter filter, double value) =>
        filter.Operator is FilterOperator.Exists || (filter.Value.Number is { } wanted && Compare(filter.Operator, value.CompareTo(wanted)));

    private static bool Compare(FilterOperator op, int order) => op switch
    {
        FilterOperator.Is => order == 0,
        FilterOperator.Greater => order > 0,
        FilterOperator.GreaterOrEqual => order >= 0,
        FilterOperator.Less => order < 0,
        FilterOperator.LessOrEqual => order <= 0,
        _ => false,
    };
}
