namespace Perilune.Model.Pricing;

/// <summary>A provider's models: those with an exact name before those with a pattern, these in their order.</summary>
internal sealed class PricedProvider
{
    private readonly Dictionary<string, PricedModel> _exact = [];
    private readonly List<(NameMatcher Pattern, PricedModel Model)> _patterns = [];
    private readonly NameMatcher? _names;
    private readonly NameMatcher? _owns;

    public PricedProvider(ProviderData data)
    {
        Id = data.Id;
        Fallbacks = data.Fallbacks ?? [];
        Models = Array.ConvertAll(data.Models, model => new PricedModel(data.Id, model));
        _names = data.Names is { } names ? NameMatcher.Of(names) : null;
        _owns = data.Owns is { } owns ? NameMatcher.Of(owns) : null;
        foreach (var model in Models)
        {
            _exact.Add(model.Id.ToLowerInvariant(), model);
        }

        for (var i = 0; i < Models.Count; i++)
        {
            Add(data.Models[i].Match, Models[i]);
        }
    }

    public string Id { get; }

    /// <summary>Providers whose models this one resells at their price.</summary>
    public IReadOnlyList<string> Fallbacks { get; }

    public IReadOnlyList<PricedModel> Models { get; }

    public bool IsNamed(string provider) => _names?.Matches(provider) ?? false;

    /// <summary>The name says by itself that the model is this provider's.</summary>
    public bool Owns(string model) => _owns?.Matches(model) ?? false;

    public PricedModel? Find(string model) => FindExact(model) ?? _patterns.Find(p => p.Pattern.Matches(model)).Model;

    public PricedModel? FindExact(string model) => _exact.GetValueOrDefault(model);

    private void Add(MatchData? match, PricedModel model)
    {
        switch (match)
        {
            case null:
                break;
            case { Same: { } name }:
                _exact.TryAdd(name.ToLowerInvariant(), model);
                break;
            case { Or: { } some }:
                Array.ForEach(some, one => Add(one, model));
                break;
            default:
                _patterns.Add((NameMatcher.Of(match), model));
                break;
        }
    }
}

/// <summary>A model and its prices over time.</summary>
internal sealed class PricedModel(string provider, ModelData data)
{
    private readonly ModelPrice[] _prices = Array.ConvertAll(data.Prices, price => PriceOf(provider, data.Id, price));

    public string Id { get; } = data.Id;

    public IReadOnlyList<ModelPrice> Prices => _prices;

    /// <summary>The last price that holds; before all of them, the first.</summary>
    public ModelPrice At(Instant time)
    {
        if (_prices.Length == 1)
        {
            return _prices[0];
        }

        var utc = time.ToDateTimeOffset().UtcDateTime;
        var (date, hour) = (DateOnly.FromDateTime(utc), TimeOnly.FromDateTime(utc));
        var last = _prices.Length - 1;
        while (last > 0 && !_prices[last].Holds(date, hour))
        {
            last--;
        }

        return _prices[last];
    }

    private static ModelPrice PriceOf(string provider, string model, DatedData data) => new(
        provider,
        model,
        data.From,
        data.Hours is [var start, var end] ? new DailyHours(start, end) : null,
        data.Rates is { } rates ? CardOf(rates) : null,
        Array.ConvertAll(data.Tiers ?? [], tier => (tier.Over, CardOf(tier.Rates))));

    private static RateCard CardOf(RatesData data)
    {
        const int Tokens = 1_000_000;
        const int Thousand = 1_000_000_000;
        var rates = new List<(CostClass, long)>(4);
        Add(CostClass.Input, data.Input, Tokens);
        Add(CostClass.CacheRead, data.CacheRead, Tokens);
        Add(CostClass.CacheWrite, data.CacheWrite, Tokens);
        Add(CostClass.CacheWrite1h, data.CacheWrite1h, Tokens);
        Add(CostClass.InputAudio, data.InputAudio, Tokens);
        Add(CostClass.CacheReadAudio, data.CacheReadAudio, Tokens);
        Add(CostClass.InputImage, data.InputImage, Tokens);
        Add(CostClass.CacheReadImage, data.CacheReadImage, Tokens);
        Add(CostClass.InputVideo, data.InputVideo, Tokens);
        Add(CostClass.Output, data.Output, Tokens);
        Add(CostClass.Reasoning, data.Reasoning, Tokens);
        Add(CostClass.OutputAudio, data.OutputAudio, Tokens);
        Add(CostClass.OutputImage, data.OutputImage, Tokens);
        Add(CostClass.OutputVideo, data.OutputVideo, Tokens);
        Add(CostClass.Requests, data.Requests, Thousand);
        Add(CostClass.WebSearches, data.WebSearches, Thousand);
        return new RateCard(rates);

        // A dollar per million is a micro-dollar, or a million pico-USD, each; per thousand it is a thousand times that.
        void Add(CostClass c, decimal? usd, int picoPerUsd)
        {
            if (usd is { } rate)
            {
                rates.Add((c, decimal.ToInt64(rate * picoPerUsd)));
            }
        }
    }
}
