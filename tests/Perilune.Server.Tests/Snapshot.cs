using System.Runtime.CompilerServices;

namespace Perilune.Server.Tests;

/// <summary>
/// Compares text with a committed file beside the test. Run the tests with <c>PERILUNE_ACCEPT_SNAPSHOTS=1</c> to accept
/// what changed, and review it in the diff.
/// </summary>
internal static class Snapshot
{
    private const string Accept = "PERILUNE_ACCEPT_SNAPSHOTS";

    public static async Task MatchAsync(string actual, string file, CancellationToken cancellationToken, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, file);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        var expected = File.Exists(path) ? (await File.ReadAllTextAsync(path, cancellationToken)).ReplaceLineEndings("\n") : "";
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(Accept) is "1")
        {
            await File.WriteAllTextAsync(path, actual, cancellationToken);
            return;
        }

        Assert.Fail($"{file} differs. If that is right, run the tests with {Accept}=1 and commit the file.\n{Difference(expected, actual)}");
    }

    /// <summary>The lines from the first to the last that differ, with two around them.</summary>
    private static string Difference(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var same = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        var sameEnd = old.Reverse().Zip(now.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        sameEnd = Math.Min(sameEnd, Math.Min(old.Length, now.Length) - same);
        var lines = now[Math.Max(0, same - 2)..same].Select(line => "  " + line)
            .Concat(old[same..^sameEnd].Select(line => "- " + line))
            .Concat(now[same..^sameEnd].Select(line => "+ " + line))
            .Concat(now[^sameEnd..].Take(2).Select(line => "  " + line));
        return string.Join('\n', lines.Take(60));
    }
}
