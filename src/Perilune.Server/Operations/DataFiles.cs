namespace Perilune.Server.Operations;

/// <summary>The files of a data folder that hold data, as paths below it.</summary>
internal static class DataFiles
{
    public const string Control = "control.db";

    /// <summary>When the clock was last looked at (<see cref="Hosting.ClockWatch"/>).</summary>
    public const string Clock = "clock";

    /// <summary>The keys that sessions are signed with.</summary>
    public static IEnumerable<string> Keys(string folder)
    {
        var keys = Path.Combine(folder, "keys");
        return Directory.Exists(keys) ? Directory.EnumerateFiles(keys, "*.xml").Order(StringComparer.Ordinal) : [];
    }
}
