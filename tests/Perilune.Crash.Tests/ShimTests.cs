namespace Perilune.Crash.Tests;

/// <summary>The shim itself: what was synced stays, what was not goes.</summary>
public sealed class ShimTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-shim-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("write old 1", "old=abc")]
    [InlineData("write old 1 sync old write old 2", "old=abc1")]
    [InlineData("at old 1 XYZ", "old=abc")]
    [InlineData("at old 1 XYZ sync old at old 0 QQ", "old=aXYZ")]
    [InlineData("cut old 1", "old=abc")]
    [InlineData("cut old 1 sync old write old 2", "old=a")]
    [InlineData("cut old 1 write old 2 write old 3", "old=abc")]
    public void Contents_last_once_their_file_is_synced(string steps, string expected) => Assert.Equal(expected, After(steps));

    [Theory]
    [InlineData("create new write new x sync new", "old=abc")]
    [InlineData("create new write new x sync new syncdir .", "new=x old=abc")]
    [InlineData("create new syncdir . write new x", "new= old=abc")]
    [InlineData("mkdir d create d/new syncdir d", "old=abc")]
    [InlineData("mkdir d syncdir . create d/new syncdir d", "d/new= old=abc")]
    [InlineData("remove old", "old=abc")]
    [InlineData("remove old syncdir .", "")]
    [InlineData("rename old new", "old=abc")]
    [InlineData("rename old new syncdir .", "new=abc")]
    [InlineData("create new syncdir . write new x sync new rename new old", "new=x old=abc")]
    [InlineData("create new syncdir . write new x sync new rename new old syncdir .", "old=x")]
    [InlineData("write old 1 remove old", "old=abc")]
    public void Names_last_once_their_directory_is_synced(string steps, string expected) => Assert.Equal(expected, After(steps));

    [Fact]
    public void A_writable_mapping_is_reported_because_it_cannot_be_followed()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => After("map old"));
        Assert.Contains("writable mmap", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_may_have_kept_some_of_the_unsynced_writes()
    {
        var seen = Enumerable.Range(1, 20).Select(seed => After("write old 1 write old 2", seed)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(["old=abc", "old=abc\02", "old=abc1", "old=abc12"], seen);
    }

    private string After(string steps, int seed = 0)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, Guid.CreateVersion7().ToString(), "root")).FullName;
        var journal = Directory.CreateDirectory(Path.Combine(root, "..", "journal")).FullName;
        File.WriteAllText(Path.Combine(root, "old"), "abc");
        Shim.Built.Act(root, journal, steps.Split(' '));
        Shim.Built.TakeBack(root, journal, seed);
        return string.Join(' ', Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(root, file)}={File.ReadAllText(file)}").Order(StringComparer.Ordinal));
    }
}
