using System.Runtime.InteropServices;

namespace Perilune.Model.Merging;

/// <summary>
/// The rank of what an event says. Of two statements about the same field the one with the greater stamp holds, whatever
/// order they arrived in; a resent event has the stamp it had before, so it changes nothing.
/// </summary>
/// <param name="Defines">The event kind defines this field; other kinds only repeat it (an end event that carries the name again).</param>
/// <param name="HasTime">The client sent a time, in an event of the run itself: a note never outranks one.</param>
/// <param name="Time">The client's time, else zero: never the server's, which differs between resends.</param>
/// <param name="Hash">The low half of the content hash.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Stamp(bool Defines, bool HasTime, Instant Time, RunEventKind Kind, uint Hash) : IComparable<Stamp>
{
    // A state holds some thirty stamps, and thousands of states are kept in memory: what says that there is one fits beside the rest.
    private readonly bool _isSome = true;

    /// <summary>Whether this is a stamp; the default value is none.</summary>
    public bool IsSome => _isSome;

    /// <summary>The stamp of fields that every kind of event may set.</summary>
    public static Stamp Of(RunEvent e) => new(Defines: false, e.Time.HasValue && e.Kind is not RunEventKind.Note, e.Time ?? default, e.Kind, unchecked((uint)e.ContentHash));

    /// <summary>The stamp of fields that belong to the start of a run: its type, name, parent.</summary>
    public static Stamp OfDefinition(RunEvent e) => Of(e) with
    {
        Defines = e.StartTime.HasValue || e.Kind is not (RunEventKind.End or RunEventKind.Error or RunEventKind.Feedback or RunEventKind.Score or RunEventKind.Note),
    };

    public int CompareTo(Stamp other)
    {
        if (Defines != other.Defines)
        {
            return Defines ? 1 : -1;
        }

        if (HasTime != other.HasTime)
        {
            return HasTime ? 1 : -1;
        }

        var order = Time.CompareTo(other.Time);
        if (order == 0)
        {
            order = Kind.CompareTo(other.Kind);
        }

        return order == 0 ? Hash.CompareTo(other.Hash) : order;
    }

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;

    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;
}

/// <summary>A field's value and the stamp that won it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Stamped<T>(T Value, Stamp Stamp)
{
    /// <summary>Whether anything was said of the field; the default value says no.</summary>
    public bool IsSet => Stamp.IsSome;

    public Stamped<T> Or(T value, Stamp stamp) => IsSet && stamp <= Stamp ? this : new Stamped<T>(value, stamp);

    public Stamped<T> Or(Stamped<T> other) => other.IsSet ? Or(other.Value, other.Stamp) : this;
}
