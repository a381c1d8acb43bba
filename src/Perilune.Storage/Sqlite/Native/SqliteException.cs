namespace Perilune.Storage.Sqlite.Native;

/// <summary>An SQLite call failed. <see cref="Code"/> is the extended result code.</summary>
internal sealed class SqliteException(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code;

    public int PrimaryCode => Code & 0xff;
}
