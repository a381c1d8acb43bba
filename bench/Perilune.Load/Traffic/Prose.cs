using System.Text;

namespace Perilune.Load.Traffic;

/// <summary>Readable filler with the word frequencies of a natural language, so that compression and text indexes meet what they will meet.</summary>
internal static class Prose
{
    private const int VocabularySize = 5000;

    private static readonly string[] s_vocabulary = Vocabulary();
    private static readonly ushort[] s_byFrequency = ZipfTable(1 << 14);

    /// <summary>Sentences of about <paramref name="length"/> characters.</summary>
    public static string Write(Dice dice, double length)
    {
        var text = new StringBuilder((int)length + 16);
        var wordsLeft = 0;
        while (text.Length < length)
        {
            var word = s_vocabulary[s_byFrequency[dice.Below(s_byFrequency.Length)]];
            if (wordsLeft-- == 0)
            {
                wordsLeft = 5 + dice.Below(14);
                text.Append(text.Length == 0 ? "" : dice.Chance(0.1) ? ".\n\n" : dice.Chance(0.12) ? "? " : ". ");
                text.Append(char.ToUpperInvariant(word[0])).Append(word, 1, word.Length - 1);
                continue;
            }

            text.Append(' ').Append(word);
            if (dice.Chance(0.012))
            {
                text.Append(' ').Append(dice.Below(100_000));
            }
        }

        return text.Append('.').ToString();
    }

    private static string[] Vocabulary()
    {
        const string Common =
            "the to and a of is in you that it for on with are can this your be have as not we if or will from at by an do was but our what " +
            "order customer please about any all has would how when which so they there their refund email account team help need more time " +
            "shipping invoice payment get data use should than only into new one two no its been them then may also other some these after " +
            "contract policy agent model token answer question search result report record table field value total amount week month today " +
            "café naïve über jalapeño señor 東京 привет 🙂 résumé €";
        string[] openings = ["b", "br", "c", "cl", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w"];
        string[] middles = ["a", "e", "i", "o", "u", "ea", "io", "ou"];
        string[] closings = ["", "", "n", "r", "s", "t", "l", "nd", "ck"];
        var dice = new Dice(1, 1);
        var words = new List<string>(Common.Split(' '));
        while (words.Count < VocabularySize)
        {
            var word = new StringBuilder();
            for (var syllables = 1 + dice.Below(3); syllables >= 0; syllables--)
            {
                word.Append(dice.Pick(openings)).Append(dice.Pick(middles)).Append(dice.Pick(closings));
            }

            words.Add(word.ToString());
        }

        return [.. words];
    }

    private static ushort[] ZipfTable(int size)
    {
        var weights = Enumerable.Range(1, VocabularySize).Select(rank => 1.0 / (rank + 1.7)).ToArray();
        var scale = size / weights.Sum();
        var table = new ushort[size];
        var (position, reached) = (0, 0.0);
        for (var word = 0; word < VocabularySize && position < size; word++)
        {
            reached += weights[word] * scale;
            while (position < size && position < reached)
            {
                table[position++] = (ushort)word;
            }
        }

        return table;
    }
}
