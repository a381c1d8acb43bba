using System.Text.Json;

namespace Perilune.Load.Traffic;

/// <summary>What the runs of a trace have in common: the clock, the user, the tags, the metadata.</summary>
internal sealed class TraceContext
{
    private readonly TrafficOptions _options;
    private readonly int _index;
    private readonly Dice _dice;
    private readonly int? _user;
    private readonly List<string> _tags = [];

    public TraceContext(TrafficOptions options, int index, Dice dice)
    {
        (_options, _index, _dice) = (options, index, dice);
        var back = TimeSpan.FromDays(options.Days) * (1 - ((index + dice.Next()) / options.Traces));
        Now = (options.Live ? TimeProvider.System.GetUtcNow() : options.Now - back).ToUnixTimeMilliseconds();

        // A power of a uniform throw: few users make most of the traffic.
        _user = dice.Chance(0.8) ? (int)(options.Users * Math.Pow(dice.Next(), 2.3)) : null;
        for (var left = dice.Chance(0.3) ? 0 : 1 + dice.Below(3); left > 0; left--)
        {
            var tag = dice.Pick(Catalogue.Tags);
            if (!_tags.Contains(tag))
            {
                _tags.Add(tag);
            }
        }
    }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now { get; private set; }

    public void Pass(double millis) => Now += Math.Max(1, (long)millis);

    public void WriteUser(Utf8JsonWriter json)
    {
        if (_user is not { } user)
        {
            return;
        }

        json.WriteString("userId", $"user-{user}");
        json.WriteStartObject("userProps");
        json.WriteString("name", $"{Catalogue.GivenNames[user % 10]} {user}");
        json.WriteString("email", $"user{user}@example.com");
        json.WriteString("plan", Catalogue.Plans[user % 5]);
        json.WriteString("country", Catalogue.Countries[user * 7 % 8]);
        json.WriteEndObject();
    }

    public void WriteTags(Utf8JsonWriter json, string property)
    {
        if (_tags.Count == 0)
        {
            return;
        }

        json.WriteStartArray(property);
        foreach (var tag in _tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
    }

    public void WriteMetadata(Utf8JsonWriter json)
    {
        json.WriteStartObject("metadata");
        json.WriteString("env", _dice.Pick(Catalogue.Environments));
        json.WriteString("region", _dice.Pick(Catalogue.Regions));
        json.WriteString("feature", _dice.Pick(Catalogue.Features));
        json.WriteString("release", $"2.{20L * _index / _options.Traces}.{_dice.Below(10)}");
        json.WriteString("session", $"s-{_options.Seed}-{_index}");
        json.WriteNumber("variant", _dice.Below(50));
        json.WriteBoolean("cached", _dice.Chance(0.1));
        json.WriteEndObject();
    }
}
