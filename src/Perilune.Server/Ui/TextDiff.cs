namespace Perilune.Server.Ui;

internal enum DiffKind
{
    Same,
    Removed,
    Added,
}

internal readonly record struct DiffPiece(DiffKind Kind, string Text);

/// <summary>A line of a comparison; its pieces say which words of it changed.</summary>
internal sealed record DiffLine(DiffKind Kind, IReadOnlyList<DiffPiece> Pieces);

/// <summary>What changed from one text to another: the lines, and within changed lines the words.</summary>
internal static class TextDiff
{
    /// <summary>Longer sequences are not compared item by item: the table would take their product.</summary>
    private const int MaxItems = 2_000;

    public static IReadOnlyList<DiffLine> Lines(string before, string after)
    {
        var lines = new List<DiffLine>();
        var steps = Compare(before.Split('\n'), after.Split('\n')).ToList();
        for (var i = 0; i < steps.Count;)
        {
            var (removed, added) = (Run(steps, i, DiffKind.Removed), 0);
            added = Run(steps, i + removed, DiffKind.Added);
            if (removed == 0 && added == 0)
            {
                lines.Add(new DiffLine(DiffKind.Same, [steps[i]]));
                i++;
                continue;
            }

            AddChanged(lines, steps.GetRange(i, removed), steps.GetRange(i + removed, added));
            i += removed + added;
        }

        return lines;
    }

    /// <summary>As many lines gone as new: they are taken to be the same lines, reworded.</summary>
    private static void AddChanged(List<DiffLine> lines, List<DiffPiece> removed, List<DiffPiece> added)
    {
        if (removed.Count != added.Count)
        {
            lines.AddRange(removed.Concat(added).Select(p => new DiffLine(p.Kind, [p])));
            return;
        }

        var words = removed.Zip(added, (from, to) => Compare(Words(from.Text), Words(to.Text)).ToList()).ToList();
        lines.AddRange(words.Select(w => new DiffLine(DiffKind.Removed, [.. w.Where(p => p.Kind != DiffKind.Added)])));
        lines.AddRange(words.Select(w => new DiffLine(DiffKind.Added, [.. w.Where(p => p.Kind != DiffKind.Removed)])));
    }

    private static int Run(List<DiffPiece> steps, int from, DiffKind kind)
    {
        var count = 0;
        while (from + count < steps.Count && steps[from + count].Kind == kind)
        {
            count++;
        }

        return count;
    }

    private static string[] Words(string line)
    {
        var words = new List<string>();
        for (int i = 0, start = 0; i < line.Length; i++)
        {
            if (i + 1 == line.Length || char.IsLetterOrDigit(line[i]) != char.IsLetterOrDigit(line[i + 1]))
            {
                words.Add(line[start..(i + 1)]);
                start = i + 1;
            }
        }

        return [.. words];
    }

    /// <summary>The longest common subsequence, with what stands around it; removals before additions.</summary>
    private static IEnumerable<DiffPiece> Compare(string[] before, string[] after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            yield return new DiffPiece(DiffKind.Same, before[start++]);
        }

        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        foreach (var piece in Middle(before[start..^end], after[start..^end]))
        {
            yield return piece;
        }

        foreach (var item in before[^end..])
        {
            yield return new DiffPiece(DiffKind.Same, item);
        }
    }

    private static List<DiffPiece> Middle(string[] before, string[] after)
    {
        if (before.Length > MaxItems || after.Length > MaxItems)
        {
            return [.. before.Select(t => new DiffPiece(DiffKind.Removed, t)), .. after.Select(t => new DiffPiece(DiffKind.Added, t))];
        }

        var common = new ushort[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? (ushort)(common[i + 1, j + 1] + 1) : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var pieces = new List<DiffPiece>(before.Length + after.Length);
        var (x, y) = (0, 0);
        while (x < before.Length || y < after.Length)
        {
            if (x < before.Length && y < after.Length && before[x] == after[y])
            {
                pieces.Add(new DiffPiece(DiffKind.Same, before[x++]));
                y++;
            }
            else if (x < before.Length && (y == after.Length || common[x + 1, y] >= common[x, y + 1]))
            {
                pieces.Add(new DiffPiece(DiffKind.Removed, before[x++]));
            }
            else
            {
                pieces.Add(new DiffPiece(DiffKind.Added, after[y++]));
            }
        }

        return pieces;
    }
}
