namespace Perilune.Server.Tests.Architecture;

internal static class Found
{
    /// <summary>Fails with one line per finding.</summary>
    public static void Nothing(IEnumerable<string> findings)
    {
        var all = findings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
