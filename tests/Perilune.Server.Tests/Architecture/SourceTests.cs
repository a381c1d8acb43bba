using System.Text.RegularExpressions;

namespace Perilune.Server.Tests.Architecture;

/// <summary>What no file may be or hold.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 500;

    private static readonly string[] s_code = [".cs", ".razor", ".ts", ".mjs", ".css", ".c", ".h", ""];

    // In two parts, so that this file does not hold them.
    private static readonly string[] s_unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "Skip" + " =", "Skip" + "="];

    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Assert.DoesNotContain(Code().Select(static file => (File: file, Repository.Lines(file).Length)), static f => f.Length > MaxLines);

    [Fact]
    public void Nothing_is_left_for_later_or_left_out() =>
        Found.Nothing(
            from file in Code()
            from line in Repository.Lines(file).Index()
            from word in s_unfinished
            where line.Item.Contains(word, StringComparison.Ordinal)
            select $"{file}:{line.Index + 1} has {word}");

    [Fact]
    public void Nothing_leads_out_of_the_repository() =>
        Found.Nothing(
            from file in Repository.Files()
            where !file.EndsWith("package-lock.json", StringComparison.Ordinal) && !file.StartsWith("tests/fixtures/", StringComparison.Ordinal)
            from line in Repository.Lines(file).Index()
            from Match up in Upwards().Matches(line.Item)
            where up.Value.Split("../").Length > file.Split('/').Length
            select $"{file}:{line.Index + 1} has {up.Value}");

    /// <summary>Where packages come from is the machine's own business.</summary>
    [Fact]
    public void Lock_files_name_no_registry() =>
        Found.Nothing(
            from file in Repository.Files()
            where file.EndsWith("package-lock.json", StringComparison.Ordinal)
            from line in Repository.Lines(file)
            where line.Contains("\"resolved\"", StringComparison.Ordinal)
            select $"{file}: {line}");

    /// <summary>What reads before it is rendered is not rendered by halves.</summary>
    [Fact]
    public void Pages_that_read_are_rendered_whole() =>
        Found.Nothing(
            from file in Repository.Files("src/Perilune.Server")
            where file.EndsWith(".razor", StringComparison.Ordinal)
            let text = string.Join('\n', Repository.Lines(file))
            where text.Contains("OnInitializedAsync", StringComparison.Ordinal) && !text.Contains("@inherits WholePage", StringComparison.Ordinal) && !text.Contains("@inherits LayoutComponentBase", StringComparison.Ordinal)
            select file);

    private static IEnumerable<string> Code() => new[] { "src", "tests", "bench" }.SelectMany(Repository.Files).Where(static file =>
        s_code.Contains(Path.GetExtension(file), StringComparer.Ordinal) &&
        !file.Contains("/Migrations/", StringComparison.Ordinal) &&
        !file.Contains("/wwwroot/lib/", StringComparison.Ordinal) &&
        !file.Contains("/wwwroot/js/", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<![\w.])(\.\./)+")]
    private static partial Regex Upwards();
}
