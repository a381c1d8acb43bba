using Perilune.Model;
using SQLitePCL;

namespace Perilune.Storage.Sqlite.Native;

/// <summary>A prepared statement: bind by position from 1, step, read columns from 0, reset.</summary>
internal sealed class Statement(Database db, sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int index, long value)
    {
        db.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } v ? Bind(index, v) : BindNull(index);

    public Statement Bind(int index, double value)
    {
        db.Check(raw.sqlite3_bind_double(handle, index, value));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        db.Check(value is null ? raw.sqlite3_bind_null(handle, index) : raw.sqlite3_bind_text16(handle, index, value));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        db.Check(raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    public Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        db.Check(raw.sqlite3_bind_text(handle, index, utf8));
        return this;
    }

    public Statement Bind(int index, byte[]? value) => value is null ? BindNull(index) : Bind(index, value.AsSpan());

    public Statement Bind(int index, RunId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.WriteTo(bytes);
        return Bind(index, bytes);
    }

    public Statement Bind(int index, RunId? id) => id is { } value ? Bind(index, value) : BindNull(index);

    public Statement BindNull(int index)
    {
        db.Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    /// <summary>True when a row is there to read, false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            _ = raw.sqlite3_reset(handle);
            db.Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that returns nothing, and resets it.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => _ = raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public byte[]? Bytes(int column) => IsNull(column) ? null : Blob(column).ToArray();

    public RunId Id(int column) => RunId.FromBytes(Blob(column));

    public RunId? NullableId(int column) => IsNull(column) ? null : Id(column);

    public void Dispose() => handle.manual_close();
}
