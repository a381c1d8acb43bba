using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Pricing;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Counting;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// Applies events to one run file, on one thread at a time. The parts: this one merges; Entries loads and stores;
/// Chats folds threads; Places resolves traces; Calls finds which count; Settling goes on with what was too much for a
/// transaction; Users keeps end users; Tally and Counts count; Prices prices; Removal takes out; Moves says what hangs
/// together and takes it from file to file.
/// </summary>
internal sealed partial class RunFileWriter : IDisposable
{
    private const int CachedEntries = 4096;
    private readonly Guid _project;
    private readonly Database _db;
    private readonly Terms _terms;
    private readonly BodyWriter _bodies;
    private readonly StateWriter _states;
    private readonly EntryCache _entries = new(CachedEntries);

    // What the running transaction has touched, in order of first touch.
    private readonly List<RunEntry> _touched = [];
    private readonly HashSet<RunId> _touchedIds = [];
    private readonly HashSet<RunId> _threadsToFold = [];
    private readonly HashSet<RunId> _toSettle = [];
    private readonly HashSet<RunId> _threadsToSettle = [];
    private readonly HashSet<RunId> _tracesToSettle = [];

    // What the transaction has changed so far, for those who watch.
    private readonly HashSet<RunId> _changedRuns = [];
    private readonly HashSet<RunId> _changedTraces = [];
    private readonly Func<RunId, bool> _isDeleted;
    private readonly Func<PriceBook> _prices;
    private readonly Unsettled _unsettled;
    private readonly SettleLimits _limits;
    private bool _inTransaction;
    private bool _anyPending;
    private long _lastSeq;

    public RunFileWriter(Guid project, RunFile file, Func<RunId, bool> isDeleted, Func<PriceBook> prices, SettleLimits limits)
    {
        _limits = limits;
        _project = project;
        _prices = prices;
        File = file;
        _isDeleted = isDeleted;
        _db = Database.OpenWriter(file.Path);
        try
        {
            Schema.Ensure(_db, file.Path);
            _db.Execute("PRAGMA wal_autocheckpoint=0");
            file.Log.Begin();
            _terms = new Terms(_db);
            _counts = new FileCounts(_db, _terms);
            _stacks = new CallStacks(_db, _terms.ValueOf);
            _anyStacked = _db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM stacked)") == 1;
            Arrivals = new FileArrivals(_db);
            _bodies = new BodyWriter(_db, file.Window);
            _unsettled = new Unsettled(_db);
            _states = new StateWriter(_terms.IdOf);
            _anyPending = _db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM pending)") == 1;
            _lastSeq = LastSeq();
        }
        catch
        {
            _db.Dispose();
            throw;
        }
    }

    public RunFile File { get; }

    /// <summary>Begins the file's part of a transaction, unless that has begun.</summary>
    public void Begin()
    {
        if (!_inTransaction)
        {
            _db.Execute("BEGIN IMMEDIATE");
            _inTransaction = true;
        }
    }

    /// <summary>Writes what was applied so far into the running transaction.</summary>
    public void Flush()
    {
        StoreMessages();
        FoldThreads();
        for (var i = 0; i < _touched.Count; i++)
        {
            var entry = _touched[i];
            if (entry.Kind == EntryKind.Run && !PlaceFast(entry, depth: 0))
            {
                _toSettle.Add(entry.State.Id);
            }
        }

        foreach (var entry in _touched)
        {
            Store(entry);
        }

        SettlePlaces(_limits.AtOnce);
        SettleCalls(_limits.AtOnce);
        WriteUsers();
        WriteTally();
        _counts.Write();
        foreach (var entry in _touched)
        {
            _changedRuns.Add(entry.Chat ?? entry.State.Id);
            if (entry.IsPlaced)
            {
                _changedTraces.Add(entry.Place.TraceId);
            }
        }

        ForgetTouched();
    }

    /// <summary>Makes the transaction durable. After <see cref="Flush"/>.</summary>
    public void Commit()
    {
        _db.Execute("COMMIT");
        File.Search.Signal();
        if (_unsettled.Any)
        {
            File.Settling?.Signal();
        }

        _inTransaction = false;
        _named.Clear();
        _entries.Trim();
        TrimUsers();
    }

    /// <summary>Keeps the file's log short. Between transactions.</summary>
    public void ShortenLog() => File.Log.Committed(_db);

    /// <summary>Forgets what has not been committed.</summary>
    public void Rollback()
    {
        try
        {
            if (_inTransaction)
            {
                _db.Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back, as it does when the disk is full.
        }

        _inTransaction = false;
        ForgetTouched();
        _changedRuns.Clear();
        _changedTraces.Clear();
        _named.Clear();
        _entries.Clear();
        _terms.Clear();
        _bodies.Reset();
        ForgetUsers();
        _tally.Clear();
        _counts.Clear();
        _anyPending = true;
        _anyStacked = true;
        _lastSeq = LastSeq();
        _unsettled.Reload();
        GiveUpPass();
    }

    public void Apply(PreparedEvent prepared)
    {
        var e = prepared.Event;
        prepared.Refusal = e.ByPublicKey ? PublicKeyRule.Refuse(Entry(e.Id).State, e) : null;
        if (prepared.Refusal is not null)
        {
            return;
        }

        SeeUser(e);
        var entry = Touch(e.Id);
        entry.State.Apply(e, prepared.Payloads);
        if (prepared.Message is not null && entry.State.Message.Stamp == Stamp.Of(e))
        {
            entry.Body = prepared.Message;
        }

        if (ThreadEvents.Implied(e) is { } implied && !_isDeleted(implied.Id))
        {
            Touch(implied.Id).State.Apply(implied);
        }
    }

    /// <summary>Hands over the runs and traces that the last transaction changed.</summary>
    public void TakeChange(ISet<RunId> runs, ISet<RunId> traces)
    {
        runs.UnionWith(_changedRuns);
        traces.UnionWith(_changedTraces);
        _changedRuns.Clear();
        _changedTraces.Clear();
    }

    public void Dispose()
    {
        File.Log.End();
        _db.Dispose();
        File.Window.Clear();
    }

    private RunEntry Touch(RunId id)
    {
        var entry = Entry(id);
        if (_touchedIds.Add(id))
        {
            _touched.Add(entry);
        }

        return entry;
    }

    private void ForgetTouched()
    {
        _touched.Clear();
        _touchedIds.Clear();
        _threadsToFold.Clear();
        _chats.Clear();
        _formerChats.Clear();
        _toSettle.Clear();
        _placing.Clear();
        _threadsToSettle.Clear();
        _tracesToSettle.Clear();
        _callsToSettle.Clear();
    }
}
