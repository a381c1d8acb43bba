using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Model.Traces;

namespace Perilune.Storage.Oracle;

/// <summary>
/// One project's runs, computed from scratch from the list of its events: the plain statement of what every store must
/// answer.
/// </summary>
internal sealed class OracleWorld
{
    private readonly Dictionary<RunId, RunState> _states = [];
    private readonly Dictionary<RunId, RunId> _chatOfMessage = [];
    private readonly Dictionary<RunId, Run> _runs = [];
    private readonly Dictionary<RunId, DateOnly> _accepted = [];
    private readonly Dictionary<string, EndUserState> _users = new(StringComparer.Ordinal);

    private readonly OracleCosts _costs;

    public OracleWorld(Guid project, IEnumerable<RunEvent> events, IReadOnlySet<RunId> deleted, OracleCosts costs)
    {
        _costs = costs;
        foreach (var e in events)
        {
            See(e);
            if (!deleted.Contains(e.Id))
            {
                State(e.Id).Apply(e);
            }

            // A deleted chat was still part of its thread when it came.
            if (ThreadEvents.Implied(e) is { } implied && !deleted.Contains(implied.Id))
            {
                State(implied.Id).Apply(implied);
            }
        }

        var chats = FoldChats(project);
        Place(chats);
        MarkRepeats();
        _costs.KeepOnly(_runs.Keys);
    }

    public IReadOnlyDictionary<RunId, Run> Runs => _runs;

    /// <summary>What these events say about one id.</summary>
    public static RunState StateOf(RunId id, IEnumerable<RunEvent> events)
    {
        var state = new RunState { Id = id };
        foreach (var e in events.SelectMany(e => new[] { e, ThreadEvents.Implied(e) }).OfType<RunEvent>().Where(e => e.Id == id))
        {
            state.Apply(e);
        }

        return state;
    }

    public IEnumerable<EndUser> Users => _users.Select(u => new EndUser(u.Key, u.Value.First, u.Value.Last, u.Value.Props.Merged));

    /// <summary>The UTC day on which the first event about a run was accepted, and its type.</summary>
    public (DateOnly Day, string Type) Accepted(Run run) => (_accepted[run.Id], run.Type);

    public Run? Find(RunId id) => _runs.GetValueOrDefault(_chatOfMessage.GetValueOrDefault(id, id));

    public IReadOnlyList<Run> Subtree(RunId id)
    {
        if (Find(id) is not { } top)
        {
            return [];
        }

        var children = _runs.Values.Where(r => r.ParentId is not null).ToLookup(r => r.ParentId!.Value);
        var found = new List<Run> { top };
        var seen = new HashSet<RunId> { top.Id };
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i].Id].Where(child => seen.Add(child.Id)));
        }

        return [.. found.OrderBy(r => r.ListedAt).ThenBy(r => r.Id)];
    }

    /// <summary>Every id that goes with a deletion of <paramref name="id"/>: the subtree and, for chats, their messages.</summary>
    public IEnumerable<RunId> WithMessages(IEnumerable<RunId> ids)
    {
        var set = ids.ToHashSet();
        return set.Concat(_chatOfMessage.Where(m => set.Contains(m.Value)).Select(m => m.Key));
    }

    /// <summary>Everything that is this user's: runs, chats with their messages, single messages, what waits for its run.</summary>
    public IReadOnlySet<RunId> IdsOfUser(string user)
    {
        var ids = WithMessages(_runs.Values.Where(r => r.User.Effective == user).Select(r => r.Id)).Where(_states.ContainsKey).ToHashSet();
        ids.UnionWith(_states.Values.Where(s => s.User.Value == user && (s.Message.IsSet || !s.Exists)).Select(s => s.Id));
        return ids;
    }

    private RunState State(RunId id) => _states.TryGetValue(id, out var state) ? state : _states[id] = new RunState { Id = id };

    private void See(RunEvent e)
    {
        if (e.UserId is null)
        {
            return;
        }

        if (!_users.TryGetValue(e.UserId, out var user))
        {
            _users[e.UserId] = user = new EndUserState();
        }

        var time = ListTime.Of(e.Time ?? e.ReceivedAt, e.ReceivedAt);
        user.First = Instant.Min(user.First, time);
        user.Last = Instant.Max(user.Last, time);
        if (e.UserProps.HasValue)
        {
            user.Props.Add(new JsonPatch(Stamp.Of(e), e.UserProps, Replaces: false));
        }
    }

    private List<RunState> FoldChats(Guid project)
    {
        var chats = new List<RunState>();
        var messages = _states.Values.Where(s => s.Message.IsSet && s.Parent.IsSet).ToList();
        var breaks = _states.Values.Where(s => s.Type.Value == RunTypes.CustomEvent && s.Parent.IsSet && !s.Message.IsSet);
        var threads = messages
            .Select(s => (Thread: s.Parent.Value, Item: new ThreadItem(s.Id, s.Start, s.Message.Value!.Role, s.Message.Value.IsRetry)))
            .Concat(breaks.Select(s => (Thread: s.Parent.Value, Item: new ThreadItem(s.Id, s.Start, null, IsRetry: false))))
            .GroupBy(x => x.Thread, x => x.Item);
        foreach (var thread in threads)
        {
            foreach (var chat in ChatFold.Fold(thread))
            {
                chats.Add(ChatState(project, thread.Key, chat));
            }
        }

        return chats;
    }

    private RunState ChatState(Guid project, RunId thread, Chat chat)
    {
        var own = RunProjection.OwnMessages(chat);
        var state = RunProjection.ToChatState(chat, thread, own, id => _states[id]);
        var stamp = state.Type.Stamp;
        if (chat.Questions.Count > 0)
        {
            state.Input = new Stamped<Payload>(new Payload(Messages(chat.Questions), null), stamp);
        }

        if (chat.Answers.Count > 0)
        {
            state.Output = new Stamped<Payload>(new Payload(Messages(chat.Answers), null), stamp);
        }

        foreach (var id in own)
        {
            _chatOfMessage[id] = chat.Id;
            _chatOfMessage.TryAdd(RunId.FromPython(_states[id].ClientId ?? id.ToString(), project.ToString()), chat.Id);
        }

        _siblings[chat.Id] = chat.SiblingId;
        return state;
    }

    private readonly Dictionary<RunId, RunId?> _siblings = [];

    private RawJson Messages(IReadOnlyList<RunId> ids) => RawJson.ArrayOf([.. ids.Select(id => _states[id].Message.Value!.Raw)]);

    private void Place(List<RunState> chats)
    {
        var states = _states.Values.Where(s => s.Exists && !s.Message.IsSet).Concat(chats).ToList();
        var nodes = states.ConvertAll(s => new TraceNode(s.Id, Parent(s), s.Type.Value, RunProjection.LabelsOf(s), ListTime.Of(s.Start, s.FirstReceived), s.TraceThread.IsSet ? s.TraceThread.Value : null));
        var places = TraceTree.Resolve(nodes);
        foreach (var state in states)
        {
            _accepted[state.Id] = DateOnly.FromDateTime(state.FirstReceived.ToDateTimeOffset().UtcDateTime);
            _runs[state.Id] = RunProjection.ToRun(state, places[state.Id], ParentOf(state, places), _costs.Of(state)) with
            {
                SiblingId = _siblings.GetValueOrDefault(state.Id),
                Messages = state.Type.Value == RunTypes.Thread ? _states.Values.Count(s => s.Message.IsSet && s.Parent.IsSet && s.Parent.Value == state.Id) : null,
            };
        }
    }

    // A trace that was put into a thread has a root below that.
    private RunId? ParentOf(RunState state, Dictionary<RunId, TracePlace> places) =>
        Parent(state) is { } parent && places.ContainsKey(parent) ? parent
        : places[state.Id].ThreadId is { } thread && thread != state.Id ? thread
        : Parent(state);

    private void MarkRepeats()
    {
        foreach (var trace in _runs.Values.GroupBy(run => run.TraceId).ToList())
        {
            var counted = CountedCalls.Of([.. trace.Select(CallNode.Of)]);
            foreach (var run in trace.Where(run => CountedCalls.IsCall(run.Type) && !counted.Contains(run.Id)))
            {
                _runs[run.Id] = run with { IsRepeat = true };
            }
        }
    }

    private RunId? Parent(RunState state)
    {
        if (!state.Parent.IsSet)
        {
            return null;
        }

        var parent = state.Parent.Value;
        var isRun = _states.TryGetValue(parent, out var known) && known.Exists && !known.Message.IsSet;
        return isRun ? parent : _chatOfMessage.GetValueOrDefault(parent, parent);
    }

    private sealed class EndUserState
    {
        public Instant First = Instant.MaxValue;
        public Instant Last = Instant.MinValue;

        public JsonPatches Props { get; } = new();
    }
}
