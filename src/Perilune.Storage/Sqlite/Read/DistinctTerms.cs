using System.Diagnostics.CodeAnalysis;
using Perilune.Model.Filtering;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>The distinct values of an indexed term column, by jumping from one to the next in the index.</summary>
internal static class DistinctTerms
{
    private const int Limit = 2000;

    /// <summary>The terms whose text matches, in either case; null when the column holds too many values to go through.</summary>
    [SuppressMessage("Design", "MA0016", Justification = "An internal result that is indexed and counted.")]
    public static List<long>? Matching(RunFileReader file, string column, string pattern)
    {
        var next = file.Db.Prepare($"SELECT min({column}) FROM run INDEXED BY run_{column} WHERE {column} > ?1");
        var matching = new List<long>();
        var last = long.MinValue;
        for (var seen = 0; ; seen++)
        {
            next.Bind(1, last);
            var found = next.Step() && !next.IsNull(0);
            last = found ? next.Int64(0) : 0;
            next.Reset();
            if (!found)
            {
                return matching;
            }

            if (seen == Limit)
            {
                return null;
            }

            if (Wildcard.Matches(pattern, file.Rows.Term(last), ignoreCase: true))
            {
                matching.Add(last);
            }
        }
    }
}
