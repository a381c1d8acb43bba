using Microsoft.Extensions.Options;

namespace PeriluneSdk.Hosting;

/// <summary>Says everything that is wrong at once, each with what to set.</summary>
internal sealed class OptionsValidation : IValidateOptions<PeriluneOptions>
{
    private const int MaxBatch = 10_000;

    public ValidateOptionsResult Validate(string? name, PeriluneOptions options)
    {
        var wrong = new List<string>();
        Check(options.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" }, nameof(options.Url), options.Url, "an absolute http or https address, such as http://localhost:3333");
        Check(options.SampleRate is >= 0 and <= 1, nameof(options.SampleRate), options.SampleRate, "a number from 0 to 1");
        Check(options.MaxQueueItems > 0, nameof(options.MaxQueueItems), options.MaxQueueItems, "a number above 0, such as 16384");
        Check(options.MaxQueueBytes > 0, nameof(options.MaxQueueBytes), options.MaxQueueBytes, "a number above 0, such as 67108864");
        Check(options.MaxBatchItems is > 0 and <= MaxBatch, nameof(options.MaxBatchItems), options.MaxBatchItems, $"a number from 1 to {MaxBatch}");
        Check(options.MaxSpoolBytes > 0, nameof(options.MaxSpoolBytes), options.MaxSpoolBytes, "a number above 0, such as 268435456");
        CheckTime(options.FlushInterval, nameof(options.FlushInterval), canBeZero: true);
        CheckTime(options.RequestTimeout, nameof(options.RequestTimeout), canBeZero: false);
        CheckTime(options.ShutdownTimeout, nameof(options.ShutdownTimeout), canBeZero: true);
        CheckTime(options.PromptFreshness, nameof(options.PromptFreshness), canBeZero: true);
        if (options.ApiKey is { Length: > 0 } key && (key.AsSpan().ContainsAnyExceptInRange('!', '~') || key.Length > 256))
        {
            // A key is no text for a log.
            wrong.Add("ApiKey is no key: it holds spaces or other characters that no key has. Set PERILUNE_API_KEY to the project's key as its settings page shows it.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void CheckTime(TimeSpan value, string setting, bool canBeZero) =>
            Check(value <= TimeSpan.FromHours(1) && (value > TimeSpan.Zero || (canBeZero && value == TimeSpan.Zero)), setting, value, "a time of up to an hour, such as 00:00:05");

        void Check(bool isRight, string setting, object? value, string wanted)
        {
            if (!isRight)
            {
                wrong.Add($"{PeriluneOptions.SectionName}:{setting} is \"{value}\". Set it to {wanted}.");
            }
        }
    }
}
