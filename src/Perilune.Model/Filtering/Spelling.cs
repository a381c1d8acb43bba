namespace Perilune.Model.Filtering;

internal static class Spelling
{
    /// <summary>The candidate at most two edits (and fewer than half its letters) away from <paramref name="word"/>.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > 32)
        {
            return null;
        }

        var (best, distance) = candidates
            .Select(candidate => (candidate, distance: Distance(word.ToLowerInvariant(), candidate)))
            .MinBy(pair => pair.distance);
        return distance <= 2 && distance * 2 < Math.Max(best.Length, word.Length) ? best : null;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
