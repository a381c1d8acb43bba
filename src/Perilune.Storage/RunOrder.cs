using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Perilune.Model;

namespace Perilune.Storage;

/// <summary>A place in a sorted list: the sort value of a run, then its id. Runs without the value sort as −1.</summary>
internal readonly record struct RunPosition(long Value, RunId Id) : IComparable<RunPosition>
{
    public static RunPosition Of(Run run, RunSort sort) => new(
        sort switch
        {
            RunSort.Start => run.ListedAt.Micros,
            RunSort.Duration => run.Duration is { } d ? d.Ticks / TimeSpan.TicksPerMicrosecond : -1,
            RunSort.Tokens => run.Usage?.Total ?? -1,
            RunSort.Cost => run.Cost ?? -1,
            _ => throw new ArgumentOutOfRangeException(nameof(sort)),
        },
        run.Id);

    public int CompareTo(RunPosition other) => Value != other.Value ? Value.CompareTo(other.Value) : Id.CompareTo(other.Id);

    /// <summary>The opaque cursor that clients hand back.</summary>
    public string ToCursor() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Value}.{Id}")));

    public static bool TryParseCursor(string cursor, out RunPosition position)
    {
        position = default;
        if (cursor.Length > 128 || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 ||
            !long.TryParse(text.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ||
            !RunId.TryParseUuid(text.AsSpan(dot + 1), out var id))
        {
            return false;
        }

        position = new RunPosition(value, id);
        return true;
    }
}
