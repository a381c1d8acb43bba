using System.Collections.Concurrent;
using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Read;

/// <summary>A row of <c>run</c> as read, before its payloads are put together.</summary>
internal sealed record RunRow(RunId Id, RunId Trace, RunId? Thread, RunId? Sibling, long Start, long? User, long? Environment, byte[]? Tags, long? Type, long? Cost, bool IsRepeat, bool IsOrphan, byte[] State, byte[]? Input, byte[]? Output, byte[]? Error, byte[]? Params, byte[]? Attributes);

/// <summary>Reads rows of <c>run</c> into <see cref="Run"/>s. One per connection; the terms may be shared, they never change.</summary>
internal sealed class RunRows(Database db, ConcurrentDictionary<long, string> terms)
{
    public const string Columns = "r.id, r.trace, r.thread, r.sibling, r.start, r.user, r.type, r.cost, r.is_repeat, r.is_orphan, r.state, r.input, r.output, r.error, r.params, r.attributes, r.env, r.tags";

    /// <summary>How many <see cref="Columns"/> are: what a question selects besides follows from this position on.</summary>
    public const int ColumnCount = 18;

    private const int CacheLimit = 100_000;
    private (RunId Id, bool IsMessage)? _lastAsked;

    public static RunRow Read(Statement row) => new(
        row.Id(0), row.Id(1), row.NullableId(2), row.NullableId(3), row.Int64(4), row.NullableInt64(5), row.NullableInt64(16), row.Bytes(17), row.NullableInt64(6), row.NullableInt64(7), row.Int64(8) == 1, row.Int64(9) == 1,
        row.Blob(10).ToArray(), row.Bytes(11), row.Bytes(12), row.Bytes(13), row.Bytes(14), row.Bytes(15));

    /// <summary>The run with as much of its payloads as asked for. <paramref name="bodies"/> remembers those that runs share.</summary>
    public Run ToRun(RunRow row, RunDetail detail, BodyReader bodies)
    {
        var payloads = detail == RunDetail.None
            ? default
            : new StatePayloads(Input(row, detail, bodies), bodies.Read(row.Output), bodies.Read(row.Error), bodies.Read(row.Params), detail == RunDetail.Full ? bodies.Read(row.Attributes) : null, default);
        var state = StateReader.Read(row.Id, row.State, payloads, Term);
        var labels = new RunLabels(LabelColumns.Term(row.User, Term), LabelColumns.Term(row.Environment, Term), LabelColumns.Decode(row.Tags, Term));
        var place = new TracePlace(row.Trace, row.Thread, labels, HasParent: false);
        var run = RunProjection.ToRun(state, place, Parent(state, row), row.Cost) with
        {
            SiblingId = row.Sibling, IsRepeat = row.IsRepeat, Messages = state.Type.Value == RunTypes.Thread ? MessagesIn(row.Id) : null,
        };
        return state.Notes.Items.Count > 0 ? RunProjection.Cut(run, detail) : run;
    }

    /// <summary>To be asked for once per answer: what was remembered for the one before may have changed.</summary>
    public BodyReader NewBodies()
    {
        _lastAsked = null;
        return new BodyReader(db);
    }

    private RawJson Input(RunRow row, RunDetail detail, BodyReader bodies) =>
        detail == RunDetail.Preview && row.Type is { } type && Term(type) == RunTypes.Llm ? bodies.ReadLastElement(row.Input) : bodies.Read(row.Input);

    public string Term(long id)
    {
        if (!terms.TryGetValue(id, out var value))
        {
            if (terms.Count > CacheLimit)
            {
                terms.Clear();
            }

            terms[id] = value = Terms.Value(db, id);
        }

        return value;
    }

    // Only below a chat can the sent parent be a message: at the beginning of a trace within a thread, or in the trace of a
    // chat whose thread is gone.
    private RunId? Parent(RunState state, RunRow row)
    {
        // A root that names no parent, or one that is unknown, stands below the thread that its trace was put into.
        var thread = row.Thread == row.Id ? null : row.Thread;
        if (!state.Parent.IsSet || (row.IsOrphan && thread is not null))
        {
            return thread;
        }

        var sent = state.Parent.Value;
        var isBelowChat = row.Trace == row.Id ? row.Thread is not null && row.Thread != sent : row.Trace != sent && IsMessage(row.Trace);
        return isBelowChat ? ChatOf(sent) ?? sent : sent;
    }

    private int MessagesIn(RunId thread)
    {
        var count = db.Prepare("SELECT count(*) FROM message INDEXED BY message_thread WHERE thread = ?1 AND role IS NOT NULL").Bind(1, thread);
        count.Step();
        var messages = (int)count.Int64(0);
        count.Reset();
        return messages;
    }

    private bool IsMessage(RunId id)
    {
        if (_lastAsked?.Id != id)
        {
            var row = db.Prepare("SELECT 1 FROM message WHERE id = ?1 AND chat IS NOT NULL").Bind(1, id);
            _lastAsked = (id, row.Step());
            row.Reset();
        }

        return _lastAsked.Value.IsMessage;
    }

    /// <summary>The chat that a message, or the id Lunary's Python SDK makes of it, belongs to.</summary>
    public RunId? ChatOf(RunId message)
    {
        var row = db.Prepare("SELECT chat FROM message WHERE id = ?1 AND chat IS NOT NULL UNION ALL SELECT chat FROM message WHERE alias = ?1").Bind(1, message);
        var chat = row.Step() ? row.NullableId(0) : null;
        row.Reset();
        return chat;
    }
}
