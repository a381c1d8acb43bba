using Microsoft.Data.Sqlite;

namespace Perilune.Control.Data;

/// <summary>
/// SQL without EF Core, for what every start does: to make EF Core's model and compile its queries takes longer than all
/// the rest of a start.
/// </summary>
internal static class PlainSql
{
    /// <param name="values">What @1, @2 and so on stand for.</param>
    public static void Execute(this SqliteConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        command.ExecuteNonQuery();
    }

    /// <param name="values">What @1, @2 and so on stand for.</param>
    public static List<T> Query<T>(this SqliteConnection db, string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        using var row = command.ExecuteReader();
        var found = new List<T>();
        while (row.Read())
        {
            found.Add(read(row));
        }

        return found;
    }

    /// <summary>Whether the question has an answer.</summary>
    /// <param name="values">What @1, @2 and so on stand for.</param>
    public static bool Any(this SqliteConnection db, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(db, sql, values);
        return command.ExecuteScalar() is not null;
    }

    private static SqliteCommand Command(SqliteConnection db, string sql, ReadOnlySpan<object?> values)
    {
        var command = db.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"@{i + 1}", values[i] ?? DBNull.Value);
        }

        return command;
    }
}
