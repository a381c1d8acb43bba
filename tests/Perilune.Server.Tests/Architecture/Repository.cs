namespace Perilune.Server.Tests.Architecture;

/// <summary>The files of the checkout that these tests were built from, without what was generated or installed.</summary>
internal static class Repository
{
    private static readonly string[] s_notOurs = [".git", "artifacts", "node_modules", "bin", "obj", "data", "BenchmarkDotNet.Artifacts"];

    private static readonly string[] s_textual =
    [
        ".cs", ".razor", ".csproj", ".props", ".slnx", ".json", ".ts", ".mjs", ".css", ".c", ".h", ".md", ".txt", ".editorconfig", ".gitattributes", ".npmrc", "",
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>Text files below the folder, as paths relative to <see cref="Root"/> with '/'.</summary>
    public static IEnumerable<string> Files(string folder = "")
    {
        var pending = new Stack<DirectoryInfo>([new DirectoryInfo(Path.Combine(Root, folder))]);
        while (pending.TryPop(out var directory))
        {
            foreach (var file in directory.EnumerateFiles().Where(static file => s_textual.Contains(file.Extension, StringComparer.Ordinal)))
            {
                yield return Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
            }

            foreach (var inner in directory.EnumerateDirectories().Where(static inner => !s_notOurs.Contains(inner.Name, StringComparer.Ordinal)))
            {
                pending.Push(inner);
            }
        }
    }

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Perilune.slnx")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException($"Perilune.slnx is in no folder above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }
}
