using Microsoft.AspNetCore.Components;

namespace Perilune.Server.Ui;

/// <summary>A page, or a part of one, that is rendered when it has read everything, and not before.</summary>
/// <remarks>
/// <see cref="ComponentBase"/> renders at the first read that has to wait, with whatever the component holds by then.
/// These pages are written once, so that such a rendering is thrown away, unless it fails over what is not there yet.
/// </remarks>
public abstract class WholePage : ComponentBase
{
    private Task? _rendered;

    public sealed override Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);

        // The layout renders again while the page reads: that changes nothing about the page.
        return _rendered ??= ReadAndRenderAsync();
    }

    private async Task ReadAndRenderAsync()
    {
        OnInitialized();
        await OnInitializedAsync();
        StateHasChanged();
    }
}
