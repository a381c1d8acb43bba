using SQLitePCL;

namespace Perilune.Storage.Sqlite.Native;

/// <summary>An SQLite call on the database at <paramref name="path"/> failed. <see cref="Code"/> is the extended result code.</summary>
internal sealed class SqliteException(int code, string message, string path) : Exception($"SQLite error {code}: {message} ({path})")
{
    public int Code { get; } = code;

    public int PrimaryCode => Code & 0xff;

    public string Path { get; } = path;

    /// <summary>The file's content is not what SQLite or Perilune wrote: no disk or permission will mend it.</summary>
    public bool IsDamage => PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
