using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>Whether sums by type and name can answer a filter, and which of them it takes in.</summary>
internal static class KeyFilter
{
    /// <summary>Only sums of the asked facet, or of types and names, can tell: a filter that looks at anything else needs the runs.</summary>
    public static bool CanAnswer(Filter filter, Facet by) =>
        filter is AndFilter { Items.Count: 0 } || (by is Facet.Type or Facet.Name && Reads(filter, field => field is FilterField.Type or FilterField.Name));

    public static bool ReadsNames(Filter filter) => !Reads(filter, field => field is FilterField.Type);

    public static bool Matches(Filter filter, string type, string? name) => FilterMatcher.Matches(
        filter, new Run { Id = RunId.None, TraceId = RunId.None, Type = type, Name = name, Start = default, ListedAt = default });

    private static bool Reads(Filter filter, Func<FilterField, bool> allowed) => filter switch
    {
        AndFilter all => all.Items.All(item => Reads(item, allowed)),
        OrFilter any => any.Items.All(item => Reads(item, allowed)),
        NotFilter negation => Reads(negation.Item, allowed),
        FieldFilter field => allowed(field.Field),
        _ => false,
    };
}
