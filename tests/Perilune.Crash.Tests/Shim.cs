using System.Diagnostics;
using System.Globalization;

namespace Perilune.Crash.Tests;

/// <summary>
/// The preloaded library that remembers unsynced writes, the program that takes them back after a kill, and the library that
/// makes a disk small. Compiled from <c>shim/</c> on first use with the C compiler of the machine.
/// </summary>
internal sealed class Shim
{
    private static readonly Lazy<Shim> s_built = new(static () => new Shim());

    private readonly string _tools = Directory.CreateTempSubdirectory("perilune-shim-").FullName;

    private Shim()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(_tools, recursive: true);
        Compile("-shared", "-fPIC", "-fvisibility=hidden", "-o", Library, Source("forget.c"), "-pthread");
        Compile("-shared", "-fPIC", "-fvisibility=hidden", "-o", SmallDisk, Source("full.c"), "-pthread");
        Compile("-o", Tool("undo"), Source("undo.c"));
        Compile("-o", Tool("act"), Source("act.c"));
    }

    public static Shim Built => s_built.Value;

    private string Library => Path.Combine(_tools, "forget.so");

    private string SmallDisk => Path.Combine(_tools, "full.so");

    /// <summary>What a process needs to find the disk full once the files below <paramref name="root"/> have so many bytes.</summary>
    public IReadOnlyDictionary<string, string> DiskOf(string root, long bytes) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = SmallDisk,
        ["FULL_ROOT"] = root,
        ["FULL_BYTES"] = bytes.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What a process needs to have its unsynced changes below <paramref name="root"/> remembered in <paramref name="journal"/>.</summary>
    public IReadOnlyDictionary<string, string> Environment(string root, string journal, bool ignoreSync = false) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = Library,
            ["FORGET_ROOT"] = root,
            ["FORGET_JOURNAL"] = journal,
            ["SHIM_IGNORE_FSYNC"] = ignoreSync ? "1" : "0",
        };

    /// <summary>Changes files as told (see act.c), with the shim, and is killed.</summary>
    public void Act(string root, string journal, params string[] steps) =>
        Run(Tool("act"), steps, root, Environment(root, journal));

    /// <summary>Makes <paramref name="root"/> what the disk held when the power failed.</summary>
    /// <param name="seed">0: nothing unsynced was on the disk; else some of it was.</param>
    /// <exception cref="InvalidOperationException">The process changed files in a way that the shim does not see.</exception>
    public string TakeBack(string root, string journal, int seed = 0)
    {
        var (exitCode, output) = Run(Tool("undo"), [root, journal, seed.ToString(CultureInfo.InvariantCulture)], root);
        return exitCode == 0 ? output : throw new InvalidOperationException($"undo ended with {exitCode}: {output}");
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "shim", name);

    private string Tool(string name) => Path.Combine(_tools, name);

    private static void Compile(params string[] arguments)
    {
        var (exitCode, output) = Run("cc", ["-O2", "-Wall", "-Wextra", "-Werror", .. arguments], Path.GetTempPath());
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"cc could not compile the shim: {output}");
        }
    }

    private static (int ExitCode, string Output) Run(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
