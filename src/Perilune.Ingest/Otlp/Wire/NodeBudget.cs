namespace Perilune.Ingest.Otlp.Wire;

/// <summary>Counts what one span is made of, so that a small body cannot ask for much memory.</summary>
internal sealed class NodeBudget
{
    private int _left = OtlpLimits.Nodes;

    public void Reset() => _left = OtlpLimits.Nodes;

    public void Take()
    {
        if (--_left < 0)
        {
            throw new OtlpFormatException($"It has more than {OtlpLimits.Nodes:N0} attributes, values and events.");
        }
    }

    public static void CheckDepth(int depth)
    {
        if (depth > OtlpLimits.Depth)
        {
            throw new OtlpFormatException($"Its values are nested deeper than {OtlpLimits.Depth} levels.");
        }
    }
}
