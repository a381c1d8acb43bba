using CsCheck;
using Perilune.Server.Ui;

namespace Perilune.Server.Tests.Dashboard;

public sealed class TextDiffTests
{
    private static readonly Gen<string> s_text = Gen.OneOf("a", "b c", "b d", "", "Grüße, {{name}}!", "Grüße, {{user}}!").List[0, 12].Select(lines => string.Join('\n', lines));

    /// <summary>Without what was added it is the old text, without what was removed the new one.</summary>
    [Fact]
    public void Both_texts_can_be_read_from_it() => Gen.Select(s_text, s_text).Sample((before, after) =>
    {
        var lines = TextDiff.Lines(before, after);
        Assert.Equal(before, Read(lines, DiffKind.Removed));
        Assert.Equal(after, Read(lines, DiffKind.Added));
    });

    [Fact]
    public void Equal_texts_have_no_changes() => s_text.Sample(text => TextDiff.Lines(text, text).All(line => line.Kind == DiffKind.Same));

    [Fact]
    public void A_reworded_line_shows_its_words() =>
        Assert.Equal(
            ["Removed Same:You help  | Removed:our | Same: customers.", "Added Same:You help  | Added:the | Same: customers."],
            TextDiff.Lines("You help our customers.", "You help the customers.").Select(line => $"{line.Kind} {string.Join(" | ", Joined(line.Pieces))}"));

    private static string Read(IEnumerable<DiffLine> lines, DiffKind side) =>
        string.Join('\n', lines.Where(l => l.Kind == DiffKind.Same || l.Kind == side).Select(l => string.Concat(l.Pieces.Select(p => p.Text))));

    private static IEnumerable<string> Joined(IReadOnlyList<DiffPiece> pieces)
    {
        for (var i = 0; i < pieces.Count;)
        {
            var same = pieces.Skip(i).TakeWhile(p => p.Kind == pieces[i].Kind).ToList();
            yield return $"{pieces[i].Kind}:{string.Concat(same.Select(p => p.Text))}";
            i += same.Count;
        }
    }
}
