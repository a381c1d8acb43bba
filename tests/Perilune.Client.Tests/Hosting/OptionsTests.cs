using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PeriluneSdk.Tests.Hosting;

public sealed class OptionsTests
{
    [Fact]
    public void Settings_come_from_lunarys_variables_perilunes_the_section_and_code_the_last_winning()
    {
        Assert.Equal("http://lunary:1/", Read(("LUNARY_API_URL", "http://lunary:1"), ("LUNARY_PUBLIC_KEY", "k1")).Url.AbsoluteUri);
        Assert.Equal("k1", Read(("LUNARY_PUBLIC_KEY", "k1")).ApiKey);
        Assert.Equal("k2", Read(("LUNARY_PUBLIC_KEY", "k1"), ("PERILUNE_API_KEY", "k2")).ApiKey);
        Assert.Equal("k3", Read(("PERILUNE_API_KEY", "k2"), ("Perilune:ApiKey", "k3")).ApiKey);
        Assert.Equal("k4", Read(static o => o.ApiKey = "k4", ("Perilune:ApiKey", "k3")).ApiKey);
    }

    [Fact]
    public void Every_setting_can_be_said_in_the_environment()
    {
        var options = Read(
            ("PERILUNE_SAMPLE_RATE", "0.25"), ("PERILUNE_CAPTURE_CONTENT", "false"), ("PERILUNE_FLUSH_INTERVAL", "2.5"), ("PERILUNE_REQUEST_TIMEOUT", "00:00:03"),
            ("PERILUNE_MAX_QUEUE_BYTES", "1000"), ("PERILUNE_SOURCES", "Acme.*, Other"), ("PERILUNE_PROPAGATE_CONTEXT", "1"), ("PERILUNE_SPOOL_DIRECTORY", "/spool"),
            ("Perilune:Sources:0", "Third"));

        Assert.Equal((0.25, false, TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3)), (options.SampleRate, options.CaptureContent, options.FlushInterval, options.RequestTimeout));
        Assert.Equal((1000L, true, "/spool"), (options.MaxQueueBytes, options.PropagateContext, options.SpoolDirectory));
        Assert.Equal(["Acme.*", "Other", "Third"], options.Sources);
    }

    [Fact]
    public void Every_wrong_setting_is_named_with_what_to_set()
    {
        var error = Assert.Throws<OptionsValidationException>(static () => Read(static o =>
        {
            o.Url = new Uri("ftp://x");
            o.SampleRate = 2;
            o.MaxBatchItems = 0;
            o.FlushInterval = TimeSpan.FromDays(2);
            o.ApiKey = "not a key";
        }));

        Assert.Equal(5, error.Failures.Count());
        Assert.Contains("Perilune:Url is \"ftp://x/\". Set it to an absolute http or https address, such as http://localhost:3333.", error.Failures);
        Assert.Contains("Perilune:SampleRate is \"2\". Set it to a number from 0 to 1.", error.Failures);
        Assert.DoesNotContain("not a key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PERILUNE_URL", "localhost", "PERILUNE_URL is \"localhost\". Set it to an absolute address, such as http://localhost:3333.")]
    [InlineData("PERILUNE_SAMPLE_RATE", "half", "PERILUNE_SAMPLE_RATE is \"half\". Set it to a number from 0 to 1, such as 0.25.")]
    [InlineData("Perilune:Enabled", "yes", "Perilune:Enabled is \"yes\". Set it to true or false.")]
    [InlineData("PERILUNE_FLUSH_INTERVAL", "soon", "PERILUNE_FLUSH_INTERVAL is \"soon\". Set it to seconds, such as 1.5, or a time such as 00:00:01.5.")]
    public void What_cannot_be_read_is_named_where_it_stands(string where, string value, string message) =>
        Assert.Equal(message, Assert.Throws<OptionsValidationException>(() => Read((where, value))).Message);

    private static PeriluneOptions Read(params (string, string)[] settings) => Read(static _ => { }, settings);

    private static PeriluneOptions Read(Action<PeriluneOptions> configure, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
        services.AddPerilune(configure);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<PeriluneOptions>>().Value;
    }
}
