using System.Collections.Frozen;

namespace Perilune.Model.Filtering;

/// <summary>What a field's values are and how they are written.</summary>
public enum FilterValueKind
{
    /// <summary>A string; <c>*</c> is a wildcard.</summary>
    Text,

    /// <summary>One of the words of <see cref="FilterFields.StatusWords"/>.</summary>
    Status,

    /// <summary>A date, a time, or a distance from now such as <c>-24h</c>.</summary>
    Time,

    /// <summary>Seconds, or with a unit: <c>ms s m h d</c>.</summary>
    Duration,

    /// <summary>USD.</summary>
    Money,

    /// <summary>A number, or with <c>k</c> or <c>M</c>.</summary>
    Count,

    /// <summary>Any JSON below a key: <c>meta.tier:pro</c>, <c>score.accuracy>0.5</c>.</summary>
    Json,

    /// <summary>A JSON payload that is searched for the text.</summary>
    Payload,

    /// <summary>A regular expression that one of a payload's texts has to match.</summary>
    Pattern,
}

/// <param name="Name">As printed.</param>
/// <param name="Aliases">Other names that mean the same.</param>
/// <param name="IgnoresCase">Whether <see cref="FilterOperator.Is"/> takes upper and lower case as equal.</param>
public sealed record FilterFieldInfo(
    FilterField Field, string Name, FilterValueKind Kind, bool IgnoresCase, string Example, IReadOnlyList<string> Aliases);

/// <summary>The names people can write before a value.</summary>
public static class FilterFields
{
    public static readonly IReadOnlyList<FilterFieldInfo> All =
    [
        new(FilterField.Type, "type", FilterValueKind.Text, IgnoresCase: true, "type:llm", []),
        new(FilterField.Name, "name", FilterValueKind.Text, IgnoresCase: true, "name:search*", []),
        new(FilterField.Status, "status", FilterValueKind.Status, IgnoresCase: true, "status:error", []),
        new(FilterField.User, "user", FilterValueKind.Text, IgnoresCase: false, "user:u_42", ["users"]),
        new(FilterField.Tag, "tag", FilterValueKind.Text, IgnoresCase: false, "tag:beta", ["tags"]),
        new(FilterField.Metadata, "meta", FilterValueKind.Json, IgnoresCase: false, "meta.tier:pro", ["metadata"]),
        new(FilterField.Feedback, "feedback", FilterValueKind.Json, IgnoresCase: false, "feedback.thumb:up", []),
        new(FilterField.Runtime, "runtime", FilterValueKind.Text, IgnoresCase: true, "runtime:lunary-js", ["sdk"]),
        new(FilterField.Template, "template", FilterValueKind.Text, IgnoresCase: false, "template:12", ["prompt"]),
        new(FilterField.Start, "start", FilterValueKind.Time, IgnoresCase: false, "start>-24h", ["time", "date"]),
        new(FilterField.Duration, "duration", FilterValueKind.Duration, IgnoresCase: false, "duration>2s", ["latency"]),
        new(FilterField.Cost, "cost", FilterValueKind.Money, IgnoresCase: false, "cost>0.05", []),
        new(FilterField.Tokens, "tokens", FilterValueKind.Count, IgnoresCase: false, "tokens>=1k", ["total_tokens"]),
        new(FilterField.InputTokens, "input_tokens", FilterValueKind.Count, IgnoresCase: false, "input_tokens>1k", ["prompt_tokens"]),
        new(FilterField.OutputTokens, "output_tokens", FilterValueKind.Count, IgnoresCase: false, "output_tokens>1k", ["completion_tokens"]),
        new(FilterField.Thread, "thread", FilterValueKind.Text, IgnoresCase: false, "thread:support-7", ["session"]),
        new(FilterField.Trace, "trace", FilterValueKind.Text, IgnoresCase: false, "trace:8f14e45f-*", []),
        new(FilterField.Parent, "parent", FilterValueKind.Text, IgnoresCase: false, "-has:parent", []),
        new(FilterField.Id, "id", FilterValueKind.Text, IgnoresCase: false, "id:my-run", []),
        new(FilterField.Error, "error", FilterValueKind.Payload, IgnoresCase: true, "error:timeout", []),
        new(FilterField.Score, "score", FilterValueKind.Json, IgnoresCase: false, "score.accuracy>0.5", ["scores"]),
        new(FilterField.Environment, "env", FilterValueKind.Text, IgnoresCase: true, "env:production", ["environment"]),
        new(FilterField.Release, "release", FilterValueKind.Text, IgnoresCase: false, "release:1.4.*", ["version"]),
        new(FilterField.Service, "service", FilterValueKind.Text, IgnoresCase: true, "service:checkout", []),
        new(FilterField.Provider, "provider", FilterValueKind.Text, IgnoresCase: true, "provider:anthropic", []),
        new(FilterField.ServedModel, "served_model", FilterValueKind.Text, IgnoresCase: true, "served_model:gpt-5-*", ["response_model"]),
        new(FilterField.CallId, "call_id", FilterValueKind.Text, IgnoresCase: false, "call_id:chatcmpl-1", ["response_id"]),
        new(FilterField.Finish, "finish", FilterValueKind.Text, IgnoresCase: true, "finish:length", ["finish_reason"]),
        new(FilterField.Attribute, "attr", FilterValueKind.Json, IgnoresCase: false, "attr.http.route:/chat", ["attribute"]),
        new(FilterField.Input, "input", FilterValueKind.Payload, IgnoresCase: true, "input:refund", []),
        new(FilterField.Output, "output", FilterValueKind.Payload, IgnoresCase: true, "output:sorry", []),
        new(FilterField.InputLength, "input_length", FilterValueKind.Count, IgnoresCase: false, "input_length>10k", []),
        new(FilterField.OutputLength, "output_length", FilterValueKind.Count, IgnoresCase: false, "output_length<20", []),
        new(FilterField.InputPattern, "input_matches", FilterValueKind.Pattern, IgnoresCase: false, "input_matches:\"order \\\\d+\"", []),
        new(FilterField.OutputPattern, "output_matches", FilterValueKind.Pattern, IgnoresCase: false, "output_matches:\"^Sorry\"", []),
        new(FilterField.UserProp, "prop", FilterValueKind.Json, IgnoresCase: false, "prop.plan:pro", ["props", "user_prop"]),
        new(FilterField.Messages, "messages", FilterValueKind.Count, IgnoresCase: false, "messages>10", []),
        new(FilterField.Repeat, "repeat", FilterValueKind.Text, IgnoresCase: true, "-has:repeat", []),
    ];

    public static readonly IReadOnlyList<string> StatusWords = ["success", "error", "running", "filtered", "none"];

    /// <summary>Names that stand for <c>name</c> together with the types they apply to.</summary>
    internal static readonly FrozenDictionary<string, string[]> TypedNames = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["model"] = [RunTypes.Llm, RunTypes.Embedding],
        ["models"] = [RunTypes.Llm, RunTypes.Embedding],
        ["agent"] = [RunTypes.Agent],
        ["tool"] = [RunTypes.Tool],
        ["chain"] = [RunTypes.Chain],
        ["retriever"] = [RunTypes.Retriever],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, FilterFieldInfo> ByName = All
        .SelectMany(field => field.Aliases.Prepend(field.Name), (field, name) => KeyValuePair.Create(name, field))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a comparison of the field needs the run's payloads.</summary>
    public static bool ReadsPayload(FilterField field) =>
        Of(field).Kind is FilterValueKind.Payload or FilterValueKind.Pattern || field is FilterField.InputLength or FilterField.OutputLength or FilterField.Attribute;

    public static FilterFieldInfo? Find(string name) => ByName.GetValueOrDefault(name);

    public static FilterFieldInfo Of(FilterField field) => All[(int)field];

    /// <summary>All names that may stand before a value, with what is typed next and an example.</summary>
    public static readonly IReadOnlyList<(string Name, string Insert, string Example)> Words =
    [
        .. TypedNames.Keys.Where(name => !name.EndsWith('s')).Order(StringComparer.Ordinal).Select(name => (name, name + ":", $"{name}:name*")),
        .. All.Select(known => (known.Name, known.Name + After(known.Kind), known.Example)),
        ("has", "has:", "has:error"),
    ];

    private static string After(FilterValueKind kind) => kind switch
    {
        FilterValueKind.Json => ".",
        FilterValueKind.Duration or FilterValueKind.Money or FilterValueKind.Count or FilterValueKind.Time => ">",
        _ => ":",
    };

    internal static string StatusWord(RunStatus status) => status switch
    {
        RunStatus.Success => "success",
        RunStatus.Error => "error",
        RunStatus.Running => "running",
        RunStatus.Filtered => "filtered",
        _ => "none",
    };

    /// <summary>The known name nearest to a misspelt one.</summary>
    internal static string? Nearest(string name) =>
        Spelling.Nearest(name, ByName.Keys.Concat(TypedNames.Keys).Append("has").Order(StringComparer.Ordinal));
}
