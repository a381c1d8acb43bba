using System.Diagnostics;
using System.Reflection;

namespace Perilune.Sdk.Tests;

/// <summary>A Node.js program of tests/sdk: what a user writes with the unmodified SDK, configured by environment alone.</summary>
internal static class Application
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly string s_scripts = typeof(Application).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static a => a.Key == "Scripts").Value!;

    /// <summary>Runs it to its end, by which the SDK has sent everything.</summary>
    /// <returns>The lines it printed. A failure, or anything on the error stream, fails the test.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string script, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        Assert.True(Directory.Exists(Path.Combine(s_scripts, "node_modules", "lunary")), $"The SDKs are not installed: run \"npm ci\" in {s_scripts}.");
        var start = new ProcessStartInfo("node", [Path.Combine(s_scripts, script)])
        {
            WorkingDirectory = s_scripts, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("LUNARY_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(s_patience, cancellationToken);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
