using Perilune.Storage.Sqlite.Native;

namespace Perilune.Storage.Sqlite.Maintenance;

/// <summary>Counts problems and keeps the first ones: a file that is damaged throughout must not fill memory.</summary>
internal sealed class ProblemList
{
    private const int Kept = 50;
    private readonly List<string> _first = [];

    public long Count { get; private set; }

    public IReadOnlyList<string> First => _first;

    public void Add(string problem)
    {
        Count++;
        if (_first.Count < Kept)
        {
            _first.Add(problem);
        }
    }

    public void Expect(bool holds, string problem)
    {
        if (!holds)
        {
            Add(problem);
        }
    }

    /// <summary>Runs a part of a check; what it cannot read is a problem, and the other parts go on.</summary>
    public void Guard(string part, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            Add($"{part} cannot be read: {e.Message}");
        }
    }

    /// <summary>Whether reading damaged bytes can end like this.</summary>
    public static bool IsUnreadable(Exception e) => e is SqliteException
        or InvalidDataException or ArgumentException or IndexOutOfRangeException or OverflowException or FormatException
        or System.Text.Json.JsonException or ZstdSharp.ZstdException or InvalidOperationException;
}
