using ZstdSharp;

namespace Perilune.Load.Keeping;

/// <summary>
/// Makes the dictionary that bodies are compressed with, of public text: the store's <c>Sqlite/Bodies/bodies.1.dict</c>. What
/// it was made of is said in docs/decisions/0021.
/// </summary>
internal static class DictionaryCommand
{
    private const int Longest = 900;
    private const int Shortest = 40;

    public static int Run(Arguments arguments)
    {
        var texts = arguments.Required("texts");
        var output = arguments.Required("out");
        var bytes = arguments.Int("bytes", 32 << 10);
        var tried = arguments.Text("try");
        arguments.RefuseUnread();
        var passages = Directory.EnumerateFiles(texts, "*.txt").Order(StringComparer.Ordinal).SelectMany(file => Passages(File.ReadAllText(file))).ToList();
        var samples = new DictionarySamples(passages).All().ToList();
        var dictionary = DictBuilder.TrainFromBuffer(samples, bytes);
        File.WriteAllBytes(output, dictionary);
        Console.WriteLine($"{samples.Count} samples of {samples.Average(s => s.Length):0} bytes");
        if (tried is not null)
        {
            DictionaryTrial.Run(dictionary, [.. Directory.EnumerateFiles(tried, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)]);
        }

        return 0;
    }

    // Some sentences that follow each other, now fewer and now more.
    private static IEnumerable<string> Passages(string text)
    {
        var (passage, wanted) = (new System.Text.StringBuilder(), Shortest);
        foreach (var sentence in text.ReplaceLineEndings(" ").Split(". ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            passage.Append(passage.Length == 0 ? "" : " ").Append(sentence).Append('.');
            if (passage.Length >= wanted)
            {
                yield return passage.ToString(0, Math.Min(passage.Length, Longest));
                passage.Clear();
                wanted = wanted >= Longest / 2 ? Shortest : wanted * 2;
            }
        }
    }
}
