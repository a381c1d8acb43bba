using Perilune.Model;
using Perilune.Model.Counting;
using Perilune.Model.Merging;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Bodies;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>How an id is kept in the file.</summary>
internal enum EntryKind
{
    /// <summary>Nothing is stored under the id.</summary>
    None,

    /// <summary>A row of <c>run</c>.</summary>
    Run,

    /// <summary>A row of <c>message</c>: one message of a thread, shown as part of a chat.</summary>
    Message,

    /// <summary>A row of <c>pending</c>: feedback, scores or edits whose run has not arrived.</summary>
    Pending,
}

/// <summary>The columns of a row that indexes are made of.</summary>
internal sealed record RunKeys(RunId Trace, RunId? Parent, RunId? Thread, long Start, string? Type, string? Name, RunLabels Labels, RunLabels Own, RunId? OwnThread, bool IsRoot, bool IsOrphan);

/// <summary>An id as the writer works on it: its merged state, its place, and what of both is stored.</summary>
internal sealed class RunEntry(RunState state)
{
    public RunState State { get; set; } = state;

    public EntryKind Stored { get; set; }

    public long Seq { get; set; }

    public TracePlace Place { get; set; }

    public bool IsPlaced { get; set; }

    /// <summary>The parent was named but is not known yet.</summary>
    public bool IsOrphan { get; set; }

    public RunId? Sibling { get; set; }

    /// <summary>What the place was computed from, to notice when it must be computed again.</summary>
    public TraceNode PlacedAs { get; set; }

    /// <summary>The indexed columns as the row has them.</summary>
    public RunKeys? StoredKeys { get; set; }

    /// <summary>The tags and start that <c>run_tag</c> holds.</summary>
    public TagList StoredTags { get; set; } = TagList.None;

    public long StoredStart { get; set; }

    /// <summary>Under which type, and whether as a root, <c>tally</c> counts the run.</summary>
    public long CountedType { get; set; }

    public bool CountedRoot { get; set; }

    /// <summary>Nano-USD as it was priced, and what it was priced by; null while it was not.</summary>
    public long? Cost { get; set; }

    public PricedCall? PricedAs { get; set; }

    /// <summary>What the run is counted as, and the day since 1970 that the ledger has it on.</summary>
    public CountedRun? Counted { get; set; }

    public long CountedDay { get; set; }

    /// <summary>As the row has them: the hash of the call's id, and whether another run of the trace counts for it.</summary>
    public long? StoredCall { get; set; }

    public bool IsRepeat { get; set; }

    /// <summary>For messages: the chat they are part of, the message as stored, and the thread whose chats it last took part in.</summary>
    public RunId? Chat { get; set; }

    public object? Body { get; set; }

    public RunId? StoredThread { get; set; }

    public EntryKind Kind =>
        State.Message.IsSet ? (State.Parent.IsSet ? EntryKind.Message : EntryKind.Pending)
        : State.Exists ? EntryKind.Run
        : State.FirstReceived == Instant.MaxValue ? EntryKind.None
        : EntryKind.Pending;

    public string? Type => State.Type.Value;

    public bool IsConversation => RunTypes.IsConversation(Type);

    public Instant ListedAt => ListTime.Of(State.Start, State.FirstReceived);

    public RunId? Parent => State.Parent.IsSet ? State.Parent.Value : null;

    /// <summary>A custom event of a thread ends the chat before it.</summary>
    public bool EndsChat => Type == RunTypes.CustomEvent && Kind == EntryKind.Run && State.Parent.IsSet;

    public RunId? OwnThread => State.TraceThread.IsSet ? State.TraceThread.Value : null;

    public RunLabels Own => RunProjection.LabelsOf(State);

    public TraceNode ToNode(RunId? parent) => new(State.Id, parent, Type, Own, ListedAt, OwnThread);
}
