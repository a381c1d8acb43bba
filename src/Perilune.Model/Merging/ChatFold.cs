namespace Perilune.Model.Merging;

/// <summary>Something that happened in a thread: a message, or with a null role an event that ends the chat before it.</summary>
/// <param name="Id">The message id.</param>
public readonly record struct ThreadItem(RunId Id, Instant Time, string? Role, bool IsRetry)
{
    /// <summary>Whether the message comes from the application's side (assistant, tool, bot, function).</summary>
    public bool IsAnswer => Role is not null && !IsQuestion;

    private bool IsQuestion => Role is "user" or "system" or "developer" or "human";
}

/// <summary>One exchange: the messages that asked and those that answered.</summary>
/// <param name="Id">The id of the first message that is the chat's own.</param>
/// <param name="SiblingId">For a retry: the chat whose answer (or question) this one replaces.</param>
public sealed record Chat(RunId Id, IReadOnlyList<RunId> Questions, IReadOnlyList<RunId> Answers, RunId? SiblingId);

/// <summary>
/// Cuts a thread's messages into chats. The rules are the outcome of Lunary's reconciliation (an answer joins the chat
/// before it; a question joins it while there is no answer yet, else it opens the next one; an event in between opens
/// the next one; a retry stands beside what it replaces), as a function of the messages alone: arrival plays no part.
/// </summary>
public static class ChatFold
{
    public static IReadOnlyList<Chat> Fold(IEnumerable<ThreadItem> items)
    {
        var chats = new List<Chat>();
        Chat? current = null;
        foreach (var item in items.Order(ThreadOrder.Instance))
        {
            if (item.Role is null)
            {
                current = null;
                continue;
            }

            var next = Join(current, item);
            if (current is not null && next.Id == current.Id)
            {
                chats[^1] = next;
            }
            else
            {
                chats.Add(next);
            }

            current = next;
        }

        return chats;
    }

    private static Chat Join(Chat? current, ThreadItem item)
    {
        if (current is null)
        {
            return item.IsAnswer ? new Chat(item.Id, [], [item.Id], null) : new Chat(item.Id, [item.Id], [], null);
        }

        if (item.IsRetry)
        {
            var original = current.SiblingId ?? current.Id;
            return item.IsAnswer
                ? new Chat(item.Id, current.Questions, [item.Id], original)
                : new Chat(item.Id, [item.Id], [], original);
        }

        if (item.IsAnswer)
        {
            return current with { Answers = [.. current.Answers, item.Id] };
        }

        return current.Answers.Count > 0
            ? new Chat(item.Id, [item.Id], [], null)
            : current with { Questions = [.. current.Questions, item.Id] };
    }

    private sealed class ThreadOrder : IComparer<ThreadItem>
    {
        public static readonly ThreadOrder Instance = new();

        public int Compare(ThreadItem x, ThreadItem y)
        {
            var order = x.Time.CompareTo(y.Time);
            if (order == 0)
            {
                order = Rank(x).CompareTo(Rank(y));
            }

            return order == 0 ? x.Id.CompareTo(y.Id) : order;
        }

        // Question, answer, event: at one and the same time an answer follows its question.
        private static int Rank(ThreadItem item) => item.Role is null ? 2 : item.IsAnswer ? 1 : 0;
    }
}
