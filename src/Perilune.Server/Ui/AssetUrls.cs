using Microsoft.AspNetCore.Components;

namespace Perilune.Server.Ui;

/// <summary>Fingerprinted addresses of files under wwwroot, relative to the page's base, so that browsers may keep them for a year.</summary>
public sealed class AssetUrls(EndpointDataSource endpoints)
{
    private readonly Lazy<ResourceAssetCollection> _assets = new(() =>
        endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<ResourceAssetCollection>()).FirstOrDefault(a => a is not null)
        ?? ResourceAssetCollection.Empty);

    public string Of(string path) => _assets.Value[path];
}
