namespace Perilune.Model.Pricing;

/// <summary>What a provider charges for one of its models, from some date on. Immutable.</summary>
public sealed class ModelPrice
{
    /// <summary>Counts above this are not charged for: no call has a quadrillion tokens.</summary>
    public const long MaxCount = 1_000_000_000_000_000;

    private readonly RateCard? _base;
    private readonly (long Over, RateCard Rates)[] _tiers;
    private readonly DailyHours? _hours;

    /// <param name="rates">Null for a model that is sold by units that are not counted.</param>
    /// <param name="tiers">By ascending number of input tokens; the rates above it are for the whole call.</param>
    internal ModelPrice(string provider, string model, DateOnly? from, DailyHours? hours, RateCard? rates, (long Over, RateCard Rates)[] tiers)
    {
        (Provider, Model, From, _hours, _base, _tiers) = (provider, model, from, hours, rates, tiers);
        var date = from is { } day ? $"@{day:yyyy-MM-dd}" : "";
        Id = $"{provider}/{model}{date}{hours}";
    }

    private ModelPrice(ProjectPrice own)
        : this(own.Provider ?? "", own.Name, own.From is { } from ? DateOnly.FromDateTime(from.ToDateTimeOffset().UtcDateTime) : null, null, own.Rates.ToCard(), []) =>
        (Own, Id) = (own, own.PriceId);

    /// <summary><c>openai/o3@2025-06-10</c>: provider, model and, where it has one, the date it began; <c>T01:00-04:00</c> if it holds in these hours only. That of a project's own price is <c>project:12</c>.</summary>
    public string Id { get; }

    /// <summary>Empty for a project's own price that is for all of them.</summary>
    public string Provider { get; }

    public string Model { get; }

    /// <summary>The first day, in UTC; null for the price before any dated one.</summary>
    public DateOnly? From { get; }

    /// <summary>The project's own price that this is; null for a bundled one.</summary>
    public ProjectPrice? Own { get; }

    /// <summary>Long calls are charged at other rates.</summary>
    public bool HasTiers => _tiers.Length > 0;

    /// <summary>What a project set for itself.</summary>
    public static ModelPrice Of(ProjectPrice own) => new(own);

    /// <summary>USD for a million units of the class, below any tier; null when they have no price of their own.</summary>
    public decimal? UsdPerMillion(CostClass c) => _base is { } rates && rates.Has(c) ? rates[c] / 1_000_000m : null;

    internal bool Holds(DateOnly date, TimeOnly time) => date >= (From ?? DateOnly.MinValue) && (_hours?.Contains(time) ?? true);

    /// <summary>The sum of the lines, rounded once to whole nano-USD, half to even; and what is the matter with it.</summary>
    public long? Charge(Usage usage, out CostNote note)
    {
        note = Check(usage);
        if (_base is null || note is CostNote.NoUsage or CostNote.TooLarge)
        {
            return null;
        }

        var counts = ClassCounts.Of(usage);
        var rates = RatesFor(counts, usage.IsSum);
        rates.Fold(ref counts);
        var (nano, pico) = Int128.DivRem(rates.Total(counts), 1000);
        nano += pico > 500 || (pico == 500 && Int128.IsOddInteger(nano)) ? 1 : 0;
        if (nano > long.MaxValue)
        {
            note = CostNote.TooLarge;
            return null;
        }

        return (long)nano;
    }

    /// <summary>The arithmetic behind <see cref="Charge"/>; empty where that is null.</summary>
    public IReadOnlyList<CostLine> Explain(Usage usage)
    {
        if (Charge(usage, out _) is null)
        {
            return [];
        }

        var counts = ClassCounts.Of(usage);
        var rates = RatesFor(counts, usage.IsSum);
        rates.Fold(ref counts);
        var lines = new List<CostLine>();
        foreach (var c in Enum.GetValues<CostClass>())
        {
            if (counts[c] > 0)
            {
                lines.Add(new CostLine(c, counts[c], rates[c]));
            }
        }

        return lines;
    }

    private RateCard RatesFor(in ClassCounts counts, bool isSum)
    {
        var rates = _base!;
        if (HasTiers && !isSum)
        {
            var input = counts.Input;
            foreach (var tier in _tiers)
            {
                rates = input > tier.Over ? tier.Rates : rates;
            }
        }

        return rates;
    }

    private CostNote Check(Usage u)
    {
        var hasInput = u.Input is >= 0 || u.CacheRead is >= 0 || u.CacheWrite5m is >= 0 || u.CacheWrite1h is >= 0
            || u.InputAudio is >= 0 || u.InputImage is >= 0 || u.InputVideo is >= 0;
        var hasOutput = u.Output is >= 0 || u.Reasoning is >= 0 || u.OutputAudio is >= 0 || u.OutputImage is >= 0 || u.OutputVideo is >= 0;
        return (hasInput, hasOutput) switch
        {
            (false, false) when u.Requests is not >= 0 && u.WebSearches is not >= 0 => CostNote.NoUsage,
            _ when IsTooLarge(u) => CostNote.TooLarge,
            _ when _base is null => CostNote.OtherUnit,
            (false, _) when _base.Has(CostClass.Input) => CostNote.Partial,
            (_, false) when _base.Has(CostClass.Output) => CostNote.Partial,
            _ when u.IsSum && HasTiers => CostNote.Sum,
            _ => CostNote.None,
        };
    }

    private static bool IsTooLarge(Usage u) =>
        u.Input > MaxCount || u.Output > MaxCount || u.CacheRead > MaxCount || u.CacheWrite5m > MaxCount || u.CacheWrite1h > MaxCount
        || u.Reasoning > MaxCount || u.InputAudio > MaxCount || u.OutputAudio > MaxCount || u.InputImage > MaxCount
        || u.OutputImage > MaxCount || u.InputVideo > MaxCount || u.OutputVideo > MaxCount || u.Requests > MaxCount || u.WebSearches > MaxCount;
}

/// <summary>A part of each day in UTC, the end excluded; it may go over midnight.</summary>
internal sealed record DailyHours(TimeOnly Start, TimeOnly End)
{
    public bool Contains(TimeOnly time) => Start <= End ? time >= Start && time < End : time >= Start || time < End;

    public override string ToString() => $"T{Start:HH:mm}-{End:HH:mm}";
}
