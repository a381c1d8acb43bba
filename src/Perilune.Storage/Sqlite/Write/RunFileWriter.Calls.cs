using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.Settling;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private readonly CallStacks _stacks;
    private readonly HashSet<RunId> _callsToSettle = [];

    // Most files hold no repeats, and need not be asked for each trace.
    private bool _anyStacked;

    /// <summary>Notes the trace of a run whose row is about to change, when that may change which of its calls count.</summary>
    /// <param name="was">What the row said before; null for a new one.</param>
    private void NoteCalls(RunEntry entry, RunKeys keys, RunKeys? was, long? call)
    {
        if (_callsToSettle.Contains(keys.Trace))
        {
            return;
        }

        var mayChange = (_anyStacked && _stacks.IsStacked(keys.Trace))
            || (was is null
                ? CountedCalls.IsCall(keys.Type) && ((call is { } id && _stacks.HasOther(id, keys.Trace, entry.State.Id)) || IsWithinItsLike(entry))
                : was.Type != keys.Type || was.Parent != keys.Parent || was.Name != keys.Name || call != entry.StoredCall);
        if (mayChange)
        {
            _callsToSettle.Add(keys.Trace);
        }
    }

    private bool IsWithinItsLike(RunEntry entry)
    {
        var at = entry;
        for (var steps = 0; steps < MaxDepth; steps++)
        {
            if (at.Parent is not { } parent || ParentEntry(parent) is not { } above)
            {
                return false;
            }

            if (above.Type == entry.Type || CountedCalls.WorksOnItsOwn(above.Type))
            {
                return above.Type == entry.Type;
            }

            at = above;
        }

        // Nobody nests that deep; whoever does is looked at.
        return true;
    }

    /// <summary>Works out again which calls count in the traces that were noted, unless they are too large. After all rows are written.</summary>
    private void SettleCalls(int atOnce)
    {
        foreach (var trace in _callsToSettle)
        {
            if (_stacks.Read(trace, atOnce) is { } answer)
            {
                Keep(trace, answer);
                Pass?.SettledCalls.Add(trace);
            }
            else
            {
                LeaveCalls(trace);
            }
        }
    }

    // Until it is settled the trace counts as one with repeats, so that nothing that may change them goes unnoticed.
    private void LeaveCalls(RunId trace)
    {
        _stacks.MarkStacked(trace);
        _anyStacked = true;
        _unsettled.Add(new UnsettledId(UnsettledKind.Calls, trace), isOpen: true);
    }

    private void Keep(RunId trace, CallStacks.Answer answer)
    {
        _anyStacked |= answer.IsStacked;
        if (answer.IsStacked || _anyStacked)
        {
            _stacks.Keep(trace, answer);
        }

        foreach (var (_, id, isRepeat) in answer.Wrong)
        {
            RecountCall(id, isRepeat);
        }
    }

    private void RecountCall(RunId id, bool isRepeat)
    {
        var entry = _entries.Find(id) is { Kind: EntryKind.Run } known ? known : LoadRun(id)!;

        // One that was loaded just now is as it is to be.
        entry.IsRepeat = !isRepeat;
        SetCounted(entry);
        if (entry.Counted is { } before)
        {
            _counts.Add(before, -1);
        }

        entry.IsRepeat = isRepeat;
        SetCounted(entry);
        if (entry.Counted is { } after)
        {
            _counts.Add(after, 1);
        }

        _changedRuns.Add(id);
    }
}
