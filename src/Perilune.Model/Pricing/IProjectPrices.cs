namespace Perilune.Model.Pricing;

/// <summary>What each project pays: asked for every model call that is written, so it answers from memory.</summary>
public interface IProjectPrices
{
    /// <summary>The prices of the project as they are now; the bundled ones when it has none of its own.</summary>
    PriceBook For(Guid project);
}

/// <summary>The bundled prices for everybody.</summary>
public sealed class BundledPrices : IProjectPrices
{
    public PriceBook For(Guid project) => PriceBook.Default;
}
