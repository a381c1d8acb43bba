using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.EndToEnd;

/// <summary>Warnings of the trimmer and of the compiler are errors, as all are.</summary>
public sealed class AotTests
{
    [Fact]
    public async Task A_program_that_is_compiled_ahead_of_time_records_and_delivers()
    {
        var output = Directory.CreateTempSubdirectory("perilune-aot-").FullName;
        try
        {
            var published = await RunAsync(
                "dotnet", new Dictionary<string, string>(StringComparer.Ordinal), "",
                "publish", Path.Combine(Repository(), "samples", "ConsoleChat"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", output, "-v", "quiet", "--nologo",
                "-p:PublishAot=true", "-p:CppCompilerAndLinker=gcc", "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false");
            Assert.DoesNotContain("warning", published, StringComparison.OrdinalIgnoreCase);

            await using var sink = await Sink.StartAsync();
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PERILUNE_URL"] = sink.Url.AbsoluteUri, ["PERILUNE_API_KEY"] = Sink.Key };
            var said = await RunAsync(Path.Combine(output, "ConsoleChat"), environment, "Hello\n\n");

            Assert.Contains("You said: \"Hello\"", said, StringComparison.Ordinal);
            var span = Assert.Single(sink.Spans);
            Assert.Contains("Hello", (string)span["gen_ai.input.messages"]!, StringComparison.Ordinal);
            Assert.IsType<double>(span["gen_ai.response.time_to_first_chunk"]);
            Assert.Equal(["chat", "chat"], sink.Events.Select(static e => (string?)e["event"]));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string program, Dictionary<string, string> environment, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var all = await output + await error;
        Assert.True(process.ExitCode == 0, all);
        return all;
    }

    private static string Repository([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
