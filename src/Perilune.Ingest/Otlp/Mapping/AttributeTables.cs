using System.Collections.Frozen;

namespace Perilune.Ingest.Otlp.Mapping;

/// <summary>An attribute as a source of a field. Of several that are there, the one of the least rank is taken.</summary>
internal readonly record struct AttributeSource(Field Field, byte Rank);

/// <summary>The sources of one field, the first that is there wins.</summary>
internal readonly record struct FieldSources(Field Field, string[] Names);

/// <summary>What is known of attributes by their name, from the tables beside this file.</summary>
internal static class AttributeTables
{
    private static readonly FrozenDictionary<string, AttributeSource[]> s_sources = Tables()
        .SelectMany(table => table.Names.Select((name, rank) => (Name: name, Source: new AttributeSource(table.Field, (byte)rank))))
        .GroupBy(entry => entry.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Select(entry => entry.Source).ToArray(), StringComparer.Ordinal);

    public static AttributeSource[] SourcesOf(string name) => s_sources.GetValueOrDefault(name, []);

    public static AttributeFamily FamilyOf(string name) => AttributeFamilies.Of(name);

    private static IEnumerable<FieldSources> Tables() =>
        [.. IdentitySources.All, .. ContentSources.All, .. UsageSources.All, .. CircumstanceSources.All];
}
