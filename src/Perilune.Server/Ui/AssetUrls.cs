using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace Perilune.Server.Ui;

/// <summary>Fingerprinted addresses of files under wwwroot, relative to the page's base, so that browsers may keep them for a year.</summary>
public sealed class AssetUrls(EndpointDataSource endpoints)
{
    private readonly Lazy<ResourceAssetCollection> _assets = new(() =>
        endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<ResourceAssetCollection>()).FirstOrDefault(a => a is not null)
        ?? ResourceAssetCollection.Empty);

    private readonly ConcurrentDictionary<string, MarkupString> _icons = new(StringComparer.Ordinal);

    public string Of(string path) => _assets.Value[path];

    /// <summary>An icon as markup: lists hold hundreds, which need no component each.</summary>
    /// <param name="name">One of the symbols of icons.svg.</param>
    public MarkupString Icon(string name) =>
        _icons.GetOrAdd(name, static (name, urls) => new MarkupString($"""<svg class="icon" aria-hidden="true"><use href="{urls.Of("icons.svg")}#{name}"></use></svg>"""), this);
}
