using Perilune.Model;
using Perilune.Model.Traces;
using Perilune.Storage.Sqlite.Settling;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private SettlePass? Pass => File.Settling?.Running;

    /// <summary>Begins a pass over what is unsettled, if anything is. After <see cref="Flush"/>.</summary>
    public void BeginPass(SettlePass pass)
    {
        GiveUpPass();
        pass.Last = _unsettled.BeginPass();
        if (pass.Last > 0)
        {
            File.Settling!.Running = pass;
        }
        else
        {
            File.Settling?.Leave();
        }
    }

    /// <summary>Rewrites rows as planned, as far as they still say what they said then. After <see cref="Flush"/>.</summary>
    public void Settle(SettlePass pass, IEnumerable<PlannedMove> moves)
    {
        if (pass != Pass)
        {
            return;
        }

        foreach (var (before, place) in moves)
        {
            if (PlacedNodes.Find(_db, _terms, before.Id) is not { } node || !node.Is(before))
            {
                continue;
            }

            Move(before, place);
            _changedTraces.Add(place.TraceId);

            // What came below the run meanwhile stands where it stood; and where it stands now may be out of date.
            LookAgain(node.Place);
            LookAgain(place);
        }

        foreach (var trace in _callsToSettle)
        {
            LeaveCalls(trace);
        }

        _callsToSettle.Clear();
    }

    /// <summary>Rewrites which calls of traces repeat others. After <see cref="Flush"/>.</summary>
    public void Settle(SettlePass pass, IEnumerable<PlannedCalls> calls)
    {
        if (pass != Pass)
        {
            return;
        }

        foreach (var (trace, answer) in calls.Where(calls => !pass.SettledCalls.Contains(calls.Trace)))
        {
            Keep(trace, answer with { Wrong = [.. answer.Wrong.Where(run => PlacedNodes.Find(_db, _terms, run.Id)?.Place.TraceId == trace)] });
        }
    }

    /// <summary>Ends a pass that found all rows as they are to be, or made them so. True when more has come meanwhile.</summary>
    public bool EndPass(SettlePass pass)
    {
        if (pass == Pass)
        {
            _unsettled.EndPass(pass.Last);
            GiveUpPass();
        }

        if (!_unsettled.Any)
        {
            File.Settling?.Leave();
        }

        return _unsettled.Any;
    }

    /// <summary>Settles everything within the transaction, for what must not go by rows that are not. After <see cref="Flush"/>.</summary>
    public void SettleAll()
    {
        if (!_unsettled.Any)
        {
            return;
        }

        GiveUpPass();
        var ids = Unsettled.Read(_db);
        _unsettled.Clear();
        do
        {
            ForgetPlaces();
            foreach (var (kind, id) in ids)
            {
                (kind switch
                {
                    UnsettledKind.Run => _toSettle,
                    UnsettledKind.Thread => _threadsToSettle,
                    UnsettledKind.Trace => _tracesToSettle,
                    _ => _callsToSettle,
                }).Add(id);
            }
        }
        while (SettlePlaces(_limits.Most) > 0);

        SettleCalls(_limits.Most);
        ForgetPlaces();
        _callsToSettle.Clear();
        _unsettled.Clear();
    }

    private void LookAgain(TracePlace place)
    {
        _unsettled.Add(new UnsettledId(UnsettledKind.Trace, place.TraceId), isOpen: false);
        if (place.ThreadId is { } thread)
        {
            _unsettled.Add(new UnsettledId(UnsettledKind.Thread, thread), isOpen: false);
        }
    }

    // What it planned may not be so any more, or was never begun.
    private void GiveUpPass()
    {
        if (File.Settling is { } settling)
        {
            settling.Running = null;
        }
    }

    private void ForgetPlaces()
    {
        _toSettle.Clear();
        _threadsToSettle.Clear();
        _tracesToSettle.Clear();
    }
}
