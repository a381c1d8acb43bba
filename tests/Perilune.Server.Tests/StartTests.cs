using System.Net;
using System.Text.RegularExpressions;

namespace Perilune.Server.Tests;

public sealed partial class StartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_wrong_setting_is_listed_with_its_fix_and_nothing_else()
    {
        var (exitCode, output) = await ServerProcess.RunAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PERILUNE_URLS"] = "localhost;http://x/path",
                ["PERILUNE_DATA"] = "/etc/passwd",
                ["PERILUNE_PATH_BASE"] = "perilune",
                ["PERILUNE_TRUSTED_PROXIES"] = "10.0.0.0/8, proxy",
                ["PERILUNE_INIT_EMAIL"] = "nobody",
                ["PERILUNE_INIT_PASSWORD"] = "short",
                ["PERILUNE_INIT_PUBLIC_KEY"] = "not-a-uuid-but-secret",
                ["PERILUNE_INIT_PROJET"] = "Shop",
            },
            cancellationToken: Cancel);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            [
                "Perilune cannot start with this configuration:",
                "  - PERILUNE_URLS has 'localhost', which is not an address to listen on. Give http://host:port, for example http://localhost:3333 or http://0.0.0.0:3333; several are separated by ';'.",
                "  - PERILUNE_URLS has 'http://x/path', which is not an address to listen on. Give http://host:port, for example http://localhost:3333 or http://0.0.0.0:3333; several are separated by ';'.",
                "  - PERILUNE_DATA names '/etc/passwd', which is a file. Give a folder; it is made when it does not exist.",
                "  - PERILUNE_PATH_BASE is 'perilune', which is not a path. Give the path that the reverse proxy serves Perilune under, for example /perilune.",
                "  - PERILUNE_TRUSTED_PROXIES has 'proxy', which is neither an IP address nor a network. Give addresses or networks such as 10.0.0.7 or 172.16.0.0/12, separated by ','.",
                "  - PERILUNE_INIT_EMAIL is 'nobody', which is not an email address. Give one of the form name@example.com.",
                "  - PERILUNE_INIT_PASSWORD has 5 characters. A password needs 8 to 256 characters.",
                "  - PERILUNE_INIT_PUBLIC_KEY is not a UUID. Give one of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, for example the output of uuidgen.",
                "  - PERILUNE_INIT_PROJET is no setting of Perilune. The settings with this beginning are PERILUNE_INIT_EMAIL, PERILUNE_INIT_ORG, PERILUNE_INIT_PASSWORD, PERILUNE_INIT_PRIVATE_KEY, PERILUNE_INIT_PROJECT, PERILUNE_INIT_PUBLIC_KEY.",
            ],
            output.Split('\n'));
    }

    [Fact]
    public async Task First_start_prints_a_link_and_keys_that_work_and_later_starts_little()
    {
        await using var first = await ServerProcess.StartAsync(setUp: false, cancellationToken: Cancel);
        var output = first.Output;
        var link = SignInPattern().Match(output).Groups["url"].Value;

        Assert.StartsWith(first.BaseUrl.ToString(), link, StringComparison.Ordinal);
        Assert.Equal(2, KeyPattern().Count(output));
        Assert.Contains("npm install lunary", output, StringComparison.Ordinal);
        using (var entered = await first.Http.GetAsync(new Uri(link), Cancel))
        {
            Assert.Equal(HttpStatusCode.Found, entered.StatusCode);
            Assert.Contains("httponly", entered.Headers.GetValues("Set-Cookie").First(), StringComparison.OrdinalIgnoreCase);
        }

        using (var again = await first.Http.GetAsync(new Uri(link), Cancel))
        {
            Assert.Equal("/login", again.Headers.Location?.OriginalString);
        }

        Assert.Equal(0, await first.StopAsync(Cancel));
        await using var second = await ServerProcess.StartAsync(dataFolder: first.DataFolder, setUp: false, cancellationToken: Cancel);
        Assert.DoesNotContain("Private key", second.Output, StringComparison.Ordinal);
        Assert.Contains("/login/link", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configured_start_prints_one_line_once_it_is_set_up_and_survives_a_kill()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Cancel);
        await first.KillAsync();
        await using var second = await ServerProcess.StartAsync(dataFolder: first.DataFolder, cancellationToken: Cancel);

        Assert.Equal($"Perilune is ready at {second.BaseUrl.ToString().TrimEnd('/')}", second.Output);
        Assert.DoesNotContain(ServerProcess.Password, first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_serves_one_process()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Cancel);

        var (exitCode, output) = await ServerProcess.RunAsync(new Dictionary<string, string?>(StringComparer.Ordinal), first.DataFolder, cancellationToken: Cancel);

        Assert.Equal((1, $"The data folder {first.DataFolder} is in use by process {first.ProcessId}. Stop that process, or set PERILUNE_DATA to another folder."), (exitCode, output));
    }

    [Fact]
    public async Task A_taken_address_is_named()
    {
        await using var first = await ServerProcess.StartAsync(cancellationToken: Cancel);

        var (exitCode, output) = await ServerProcess.RunAsync(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PERILUNE_URLS"] = first.BaseUrl.ToString() }, cancellationToken: Cancel);

        Assert.Equal(1, exitCode);
        Assert.Contains("set PERILUNE_URLS to another address", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_and_session_keys_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows folders have no modes.");
        var parent = Directory.CreateTempSubdirectory("perilune-modes-").FullName;
        var data = Path.Combine(parent, "data");
        await using (var server = await ServerProcess.StartAsync(dataFolder: data, cancellationToken: Cancel))
        {
            Assert.Equal("drwx------ drwx------ -rw-------", string.Join(' ', new[] { data, Path.Combine(data, "keys"), Directory.GetFiles(Path.Combine(data, "keys")).Single() }.Select(Mode)));
        }

        Directory.Delete(parent, recursive: true);

        static string Mode(string path) => (Directory.Exists(path) ? "d" : "-") + string.Concat("rwxrwxrwx".Select((c, i) => ((int)File.GetUnixFileMode(path) >> (8 - i) & 1) == 1 ? c : '-'));
    }

    [GeneratedRegex(@"Sign in +(?<url>http\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SignInPattern();

    [GeneratedRegex(@"(Public|Private) key +[0-9a-f]{8}-[0-9a-f-]{27}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyPattern();
}
