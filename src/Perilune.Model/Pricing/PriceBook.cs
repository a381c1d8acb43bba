using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Perilune.Model.Pricing;

/// <summary>
/// Prices of models by provider, name and time. Immutable and safe to share. A model is found by the rules of the price
/// data, or not at all: a name that could be anybody's has no price. A project's own prices go before these.
/// </summary>
public sealed class PriceBook
{
    /// <summary>Longer names are no model's, and would let a client fill the cache.</summary>
    public const int MaxNameLength = 256;

    private static readonly Lazy<PriceBook> Bundled = new(Load);
    private readonly PricedProvider[] _providers;
    private readonly Dictionary<string, PricedProvider> _byId;
    private readonly LookupCache<PricedModel> _found;
    private readonly OwnPrices? _own;
    private readonly Lazy<string> _stamp;

    internal PriceBook(PriceData data)
    {
        Source = data.Source;
        _providers = Array.ConvertAll(data.Providers, provider => new PricedProvider(provider));
        _byId = _providers.ToDictionary(provider => provider.Id);
        _found = new LookupCache<PricedModel>(capacity: 4096);
        _stamp = new Lazy<string>(Source);
    }

    private PriceBook(PriceBook bundled, IReadOnlyList<ProjectPrice> own)
    {
        (Source, _providers, _byId, _found) = (bundled.Source, bundled._providers, bundled._byId, bundled._found);
        _own = new OwnPrices(own, IdOf);
        _stamp = new Lazy<string>(() => $"{Source} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', own.Select(price => price.Terms)))))}");
    }

    /// <summary>The prices that come with Perilune, read on first use.</summary>
    public static PriceBook Default => Bundled.Value;

    /// <summary>Where the prices are from, with its version.</summary>
    public string Source { get; }

    /// <summary>The project's own prices; none in the bundled book.</summary>
    public IReadOnlyList<ProjectPrice> Own => _own?.All ?? [];

    /// <summary>Two books with the same stamp give the same costs, also in another process.</summary>
    public string Stamp => _stamp.Value;

    internal IReadOnlyList<PricedProvider> Providers => _providers;

    /// <summary>What is wrong with how a price says which models it is for; null when nothing is.</summary>
    public static string? Problem(PriceMatch match, string pattern) => PricePattern.Problem(match, pattern);

    /// <summary>A book of the bundled prices with these in front of them.</summary>
    public PriceBook With(IReadOnlyList<ProjectPrice> own) => new(this, own);

    /// <summary>
    /// What a call cost. The computed cost is taken, or else the client's: when there is no price, when only input or only
    /// output was counted, or when the counts are a sum and the price is not the same for all of it.
    /// </summary>
    /// <param name="provider">As the client names it, or null.</param>
    /// <param name="model">As the client names it; of a requested and a served model, the served one.</param>
    /// <param name="at">When the call began.</param>
    /// <param name="given">The client's own number in nano-USD; a negative one is as if it was not given.</param>
    public Cost Price(string? provider, string? model, Instant at, Usage? usage, long? given = null)
    {
        var price = usage is null ? null : Find(provider, model, at);
        long? computed = null;
        var note = usage is null ? CostNote.NoUsage : CostNote.NoPrice;
        if (price is not null)
        {
            computed = price.Charge(usage!, out note);
        }

        return given is >= 0 && (computed is null || note is CostNote.Partial or CostNote.Sum)
            ? new Cost(given, CostSource.ClientGiven, price?.Id, note, computed)
            : new Cost(computed, computed is null ? CostSource.None : CostSource.Computed, price?.Id, note, computed);
    }

    /// <summary>The price of a model at a time; null when it is not known for sure.</summary>
    public ModelPrice? Find(string? provider, string? model, Instant at)
    {
        if (!IsName(model) || provider?.Length > MaxNameLength)
        {
            return null;
        }

        if (FindOwn(provider, model, at) is { } own)
        {
            return own;
        }

        if (!_found.TryGet(provider, model, out var found))
        {
            found = Find(provider?.Trim().ToLowerInvariant(), model.Trim().ToLowerInvariant());
            _found.Add(provider, model, found);
        }

        return found?.At(at);
    }

    /// <summary>The project's own price of a model at a time; null when it has none.</summary>
    public ModelPrice? FindOwn(string? provider, string? model, Instant at) =>
        _own is not null && IsName(model) && !(provider?.Length > MaxNameLength) ? _own.Find(provider, model, at, () => ProviderOf(provider, model)) : null;

    /// <summary>All bundled prices, those of other times too, by provider, name and beginning.</summary>
    public IEnumerable<ModelPrice> History() => _providers.OrderBy(provider => provider.Id, StringComparer.Ordinal)
        .SelectMany(provider => provider.Models.OrderBy(model => model.Id, StringComparer.Ordinal))
        .SelectMany(model => model.Prices);

    /// <summary>The bundled price of every model at a time, by provider and name.</summary>
    public IEnumerable<ModelPrice> List(Instant at) => _providers.OrderBy(provider => provider.Id, StringComparer.Ordinal)
        .SelectMany(provider => provider.Models.OrderBy(model => model.Id, StringComparer.Ordinal))
        .Select(model => model.At(at));

    private static PriceBook Load()
    {
        using var file = typeof(PriceBook).Assembly.GetManifestResourceStream("prices.json")!;
        var json = new byte[file.Length];
        file.ReadExactly(json);
        return new PriceBook(JsonSerializer.Deserialize(json, PriceJson.Default.PriceData)!);
    }

    private static bool IsName([NotNullWhen(true)] string? model) => model is { Length: > 0 and <= MaxNameLength };

    /// <summary>Who serves a call: the provider it names, or else the one whose model it is.</summary>
    private string? ProviderOf(string? provider, string model)
    {
        var name = provider?.Trim().ToLowerInvariant();
        return ProviderNames.IsAnybody(name) ? OfAnybody(model.Trim().ToLowerInvariant())?.Prices[0].Provider : IdOf(name!);
    }

    private string IdOf(string provider)
    {
        var name = provider.Trim().ToLowerInvariant();
        return Named(name)?.Id ?? ProviderNames.Canonical(name);
    }

    private PricedModel? Find(string? provider, string model)
    {
        if (ProviderNames.IsAnybody(provider))
        {
            return OfAnybody(model);
        }

        if (Named(provider!) is not { } named)
        {
            return null;
        }

        // A client of OpenAI's that names another's model speaks to a router, which goes by the name.
        return In(named, model) ?? (Qualifier(model, out var rest) switch
        {
            { } other when other == named => In(named, rest),
            { } when named.Id == "openai" => OfAnybody(model),
            _ => null,
        });
    }

    private PricedModel? OfAnybody(string model)
    {
        var qualified = Qualifier(model, out var rest);
        if (ModelNames.IsRouterVariant(model))
        {
            return qualified?.FindExact(rest) ?? In(_byId["openrouter"], model);
        }

        if (qualified is not null)
        {
            return In(qualified, rest) ?? In(qualified, model);
        }

        if (ModelNames.IsBedrock(model))
        {
            return In(_byId["aws"], model);
        }

        return Owner(model) is not { } owner ? null : ModelNames.HasTag(model) ? owner.FindExact(model) : In(owner, model);
    }

    private PricedProvider? Owner(string model)
    {
        foreach (var spelling in ModelNames.Spellings(model))
        {
            var owner = ModelNames.ProviderByBeginning(spelling) is { } id ? _byId[id] : Array.Find(_providers, p => p.Owns(spelling));
            if (owner is not null)
            {
                return owner;
            }
        }

        return null;
    }

    private PricedModel? In(PricedProvider provider, string model)
    {
        foreach (var spelling in ModelNames.Spellings(model))
        {
            var found = provider.Find(spelling);
            for (var i = 0; found is null && i < provider.Fallbacks.Count; i++)
            {
                found = _byId.GetValueOrDefault(provider.Fallbacks[i])?.Find(spelling);
            }

            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The provider of <c>provider/model</c>.</summary>
    private PricedProvider? Qualifier(string model, out string rest)
    {
        var slash = model.IndexOf('/', StringComparison.Ordinal);
        rest = slash < 0 ? model : model[(slash + 1)..];
        return slash > 0 && rest.Length > 0 ? Named(model[..slash]) : null;
    }

    private PricedProvider? Named(string provider)
    {
        if (_byId.TryGetValue(provider, out var exact))
        {
            return exact;
        }

        var name = ProviderNames.Canonical(provider);
        if (name.StartsWith("openai-compatible", StringComparison.Ordinal))
        {
            return null;
        }

        var found = _byId.GetValueOrDefault(name) ?? Array.Find(_providers, p => p.IsNamed(name));

        // "deepseek.chat" and "xai.responses" are a provider and one of its interfaces.
        return found ?? (name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? Named(name[..dot]) : null);
    }
}
