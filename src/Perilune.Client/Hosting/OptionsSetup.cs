using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace PeriluneSdk.Hosting;

/// <summary>Reads settings from the environment and the configuration, without reflection.</summary>
internal sealed class OptionsSetup(IConfiguration? configuration) : IConfigureOptions<PeriluneOptions>
{
    public void Configure(PeriluneOptions options)
    {
        Address(Read("LUNARY_API_URL"), "LUNARY_API_URL");
        options.ApiKey = Read("LUNARY_PUBLIC_KEY") ?? options.ApiKey;
        foreach (var (variable, setting) in SettingNames.All)
        {
            Apply(Read(variable), variable, setting);
        }

        if (configuration?.GetSection(PeriluneOptions.SectionName) is { } section)
        {
            foreach (var (_, setting) in SettingNames.All)
            {
                Apply(section[setting], $"{PeriluneOptions.SectionName}:{setting}", setting);
            }

            foreach (var source in section.GetSection(nameof(options.Sources)).GetChildren())
            {
                Source(source.Value);
            }
        }

        void Apply(string? value, string where, string setting)
        {
            if (value is not { Length: > 0 })
            {
                return;
            }

            switch (setting)
            {
                case nameof(options.Url): Address(value, where); break;
                case nameof(options.ApiKey): options.ApiKey = value; break;
                case nameof(options.Enabled): options.Enabled = Flag(value, where); break;
                case nameof(options.CaptureContent): options.CaptureContent = Flag(value, where); break;
                case nameof(options.PropagateContext): options.PropagateContext = Flag(value, where); break;
                case nameof(options.SampleRate): options.SampleRate = Number(value, where, "a number from 0 to 1, such as 0.25"); break;
                case nameof(options.ServiceName): options.ServiceName = value; break;
                case nameof(options.Environment): options.Environment = value; break;
                case nameof(options.Release): options.Release = value; break;
                case nameof(options.MaxQueueItems): options.MaxQueueItems = (int)Math.Min(int.MaxValue, Count(value, where)); break;
                case nameof(options.MaxQueueBytes): options.MaxQueueBytes = Count(value, where); break;
                case nameof(options.MaxBatchItems): options.MaxBatchItems = (int)Math.Min(int.MaxValue, Count(value, where)); break;
                case nameof(options.MaxSpoolBytes): options.MaxSpoolBytes = Count(value, where); break;
                case nameof(options.SpoolDirectory): options.SpoolDirectory = value; break;
                case nameof(options.FlushInterval): options.FlushInterval = Span(value, where); break;
                case nameof(options.RequestTimeout): options.RequestTimeout = Span(value, where); break;
                case nameof(options.ShutdownTimeout): options.ShutdownTimeout = Span(value, where); break;
                case nameof(options.PromptFreshness): options.PromptFreshness = Span(value, where); break;
                case nameof(options.Sources):
                    foreach (var source in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    {
                        Source(source);
                    }

                    break;
            }
        }

        void Source(string? source)
        {
            if (source is { Length: > 0 } && !options.Sources.Contains(source, StringComparer.Ordinal))
            {
                options.Sources.Add(source);
            }
        }

        void Address(string? value, string where)
        {
            if (value is { Length: > 0 })
            {
                options.Url = Uri.TryCreate(value, UriKind.Absolute, out var url) ? url
                    : throw Wrong(where, value, "an absolute address, such as http://localhost:3333");
            }
        }
    }

    private string? Read(string variable) => (configuration?[variable] ?? Environment.GetEnvironmentVariable(variable)) is { Length: > 0 } value ? value : null;

    private static bool Flag(string value, string where) => value switch
    {
        "1" => true,
        "0" => false,
        _ => bool.TryParse(value, out var flag) ? flag : throw Wrong(where, value, "true or false"),
    };

    private static double Number(string value, string where, string wanted) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(where, value, wanted);

    private static long Count(string value, string where) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw Wrong(where, value, "a whole number, such as 4096");

    private static TimeSpan Span(string value, string where) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds)
        : TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var span) ? span
        : throw Wrong(where, value, "seconds, such as 1.5, or a time such as 00:00:01.5");

    private static OptionsValidationException Wrong(string where, string value, string wanted) =>
        new(nameof(PeriluneOptions), typeof(PeriluneOptions), [$"{where} is \"{value}\". Set it to {wanted}."]);
}
