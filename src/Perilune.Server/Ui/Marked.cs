using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Perilune.Server.Ui;

/// <summary>A text with what was searched for marked in it. In code: the text may be shown as it is, to the last space.</summary>
public sealed class Marked : ComponentBase
{
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [CascadingParameter]
    public SearchMarks? Marks { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (Marks is not { IsEmpty: false } marks)
        {
            builder.AddContent(0, Text);
            return;
        }

        foreach (var (text, isMarked) in marks.Split(Text))
        {
            if (!isMarked)
            {
                builder.AddContent(1, text);
                continue;
            }

            builder.OpenElement(2, "mark");
            builder.AddAttribute(3, "class", "said");
            builder.AddContent(4, text);
            builder.CloseElement();
        }
    }
}
