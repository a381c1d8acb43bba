using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Bodies;
using Perilune.Storage.Sqlite.Native;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>
/// Applies events to one run file, on one thread at a time. The parts: this one merges; Entries loads and stores;
/// Chats folds threads; Places resolves traces; Users keeps end users; Tally counts; Deletion removes.
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
    private bool _anyDeleted;
    private bool _anyPending;
    private long _lastSeq;

    public RunFileWriter(Guid project, string path, BodyWindow window)
    {
        _project = project;
        _db = Database.OpenWriter(path);
        try
        {
            Schema.Ensure(_db, path);
            _terms = new Terms(_db);
            _bodies = new BodyWriter(_db, window);
            _states = new StateWriter(_terms.IdOf);
            _anyDeleted = _db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM deleted)") == 1;
            _anyPending = _db.ScalarInt64("SELECT EXISTS(SELECT 1 FROM pending)") == 1;
            _lastSeq = _db.ScalarInt64("SELECT max(seq) FROM run");
        }
        catch
        {
            _db.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in one durable transaction; when it throws, nothing of it remains.</summary>
    public void InTransaction(Action<RunFileWriter> work)
    {
        _db.Execute("BEGIN IMMEDIATE");
        try
        {
            work(this);
            WriteTouched();
            _db.Execute("COMMIT");
        }
        catch
        {
            Rollback();
            throw;
        }

        _entries.Trim();
        TrimUsers();
    }

    public void Apply(PreparedEvent prepared)
    {
        var e = prepared.Event;
        if (IsDeleted(e.Id))
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

        if (ThreadEvents.Implied(e) is { } implied && !IsDeleted(implied.Id))
        {
            Touch(implied.Id).State.Apply(implied);
        }
    }

    /// <summary>The runs and traces that the last transaction touched.</summary>
    public RunChange TakeChange()
    {
        var change = new RunChange(
            [.. _touched.Select(e => e.Chat ?? e.State.Id).Distinct()],
            [.. _touched.Where(e => e.IsPlaced).Select(e => e.Place.TraceId).Distinct()]);
        ForgetTouched();
        return change;
    }

    public void Dispose() => _db.Dispose();

    private RunEntry Touch(RunId id)
    {
        var entry = Entry(id);
        if (_touchedIds.Add(id))
        {
            _touched.Add(entry);
        }

        return entry;
    }

    private void WriteTouched()
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

        SettlePlaces();
        WriteUsers();
        WriteTally();
    }

    private void Rollback()
    {
        try
        {
            _db.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has already rolled back, as it does when the disk is full.
        }

        ForgetTouched();
        _entries.Clear();
        _terms.Clear();
        _bodies.Reset();
        ForgetUsers();
        _tally.Clear();
        _anyPending = true;
        _anyDeleted = true;
        _lastSeq = _db.ScalarInt64("SELECT max(seq) FROM run");
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
    }
}
