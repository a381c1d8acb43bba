using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class RunFileWriter
{
    private const int CachedUsers = 8192;
    private readonly Dictionary<string, SeenUser> _users = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seenUsers = new(StringComparer.Ordinal);

    private void SeeUser(RunEvent e)
    {
        if (e.UserId is not { } id)
        {
            return;
        }

        if (!_users.TryGetValue(id, out var user))
        {
            _users[id] = user = LoadUser(id);
        }

        var time = ListTime.Of(e.Time ?? e.ReceivedAt, e.ReceivedAt);
        user.First = Instant.Min(user.First, time);
        user.Last = Instant.Max(user.Last, time);
        if (e.UserProps.HasValue)
        {
            user.Props.Add(new JsonPatch(Stamp.Of(e), e.UserProps.Detached(), Replaces: false));
        }

        _seenUsers.Add(id);
    }

    public bool KnowsUser(string id) => _seenUsers.Contains(id) || LoadUser(id).Last != Instant.MinValue;

    /// <summary>Every end user of the file, with what was said of its props.</summary>
    public IEnumerable<(string Id, Instant First, Instant Last, JsonPatches Props)> AllUsers()
    {
        using var row = _db.PrepareOnce("SELECT value, first, last, props FROM user JOIN term ON term.id = user.term");
        while (row.Step())
        {
            yield return (row.Text(0), new Instant(row.Int64(1)), new Instant(row.Int64(2)), PropsCodec.Read(row.Blob(3)));
        }
    }

    /// <summary>Takes over what another file knows of a user.</summary>
    public void Inherit((string Id, Instant First, Instant Last, JsonPatches Props) known)
    {
        if (!_users.TryGetValue(known.Id, out var user))
        {
            _users[known.Id] = user = LoadUser(known.Id);
        }

        user.First = Instant.Min(user.First, known.First);
        user.Last = Instant.Max(user.Last, known.Last);
        user.Props.AddAll(known.Props);
        _seenUsers.Add(known.Id);
    }

    private SeenUser LoadUser(string id)
    {
        var user = new SeenUser();
        if (Terms.Lookup(_db, id) is not { } term)
        {
            return user;
        }

        var row = _db.Prepare("SELECT first, last, props FROM user WHERE term = ?1").Bind(1, term);
        if (row.Step())
        {
            user.First = new Instant(row.Int64(0));
            user.Last = new Instant(row.Int64(1));
            user.Props.AddAll(PropsCodec.Read(row.Blob(2)));
        }

        row.Reset();
        return user;
    }

    private void WriteUsers()
    {
        foreach (var id in _seenUsers)
        {
            var user = _users[id];
            _db.Prepare("INSERT INTO user(term, first, last, props) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(term) DO UPDATE SET first = ?2, last = ?3, props = ?4")
                .Bind(1, _terms.IdOf(id))
                .Bind(2, user.First.Micros)
                .Bind(3, user.Last.Micros)
                .Bind(4, PropsCodec.Write(user.Props))
                .Run();
        }

        _seenUsers.Clear();
    }

    private void TrimUsers()
    {
        if (_users.Count > CachedUsers)
        {
            _users.Clear();
        }
    }

    private void ForgetUsers()
    {
        _users.Clear();
        _seenUsers.Clear();
    }

    private sealed class SeenUser
    {
        public Instant First = Instant.MaxValue;
        public Instant Last = Instant.MinValue;

        public JsonPatches Props { get; } = new();
    }
}
