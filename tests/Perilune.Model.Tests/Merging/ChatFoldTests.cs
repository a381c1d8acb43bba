using CsCheck;
using Perilune.Model.Merging;

namespace Perilune.Model.Tests.Merging;

public sealed class ChatFoldTests
{
    // Each thread is written as its messages in time order: u user, a assistant, t tool, s system, ! an event, A a retried
    // assistant, U a retried user. Chats are written questions>answers by position, with ~ for the sibling they replace.
    [Theory]
    [InlineData("ua", "1>2")]
    [InlineData("uaua", "1>2 3>4")]
    [InlineData("uuaa", "1,2>3,4")]
    [InlineData("suta", "1,2>3,4")]
    [InlineData("a", ">1")]
    [InlineData("aua", ">1 2>3")]
    [InlineData("u!a", "1> >3")]
    [InlineData("ua!ua", "1>2 4>5")]
    [InlineData("uaA", "1>2 1>3~1")]
    [InlineData("uaAA", "1>2 1>3~1 1>4~1")]
    [InlineData("uaAua", "1>2 1>3~1 4>5")]
    [InlineData("uaUa", "1>2 3>4~1")]
    [InlineData("Ua", "1>2")]
    [InlineData("!A", ">2")]
    public void Cuts_threads_as_lunary_does(string thread, string expected)
    {
        var items = thread.Select((c, i) => new ThreadItem(new RunId(0, (ulong)i + 1), new Instant(i), Role(c), char.IsUpper(c)));

        var chats = ChatFold.Fold(items).Select(chat =>
            $"{string.Join(',', chat.Questions.Select(id => id.Low))}>{string.Join(',', chat.Answers.Select(id => id.Low))}{(chat.SiblingId is { } sibling ? $"~{sibling.Low}" : "")}");

        Assert.Equal(expected, string.Join(' ', chats));
    }

    [Fact]
    public void An_answer_of_the_same_time_follows_its_question()
    {
        ThreadItem[] items = [new(new RunId(0, 1), default, "assistant", false), new(new RunId(0, 2), default, "user", false)];

        var chat = Assert.Single(ChatFold.Fold(items));
        Assert.Equal((new RunId(0, 2), new RunId(0, 1)), (chat.Questions[0], chat.Answers[0]));
    }

    private static readonly Gen<ThreadItem> Item = Gen.Select(Gen.ULong[1, 40], Gen.Long[0, 8], Gen.OneOf("user", "assistant", "tool", "system", "other", ""), Gen.Int[0, 4])
        .Select((id, time, role, retry) => new ThreadItem(new RunId(0, id), new Instant(time), role.Length == 0 ? null : role, retry == 0));

    [Fact]
    public void Arrival_plays_no_part() => Gen.Select(Item.List[0, 12], Gen.Int).Sample((items, seed) =>
    {
        var distinct = items.DistinctBy(i => i.Id).ToList();
        var random = new Random(seed);
        var shuffled = distinct.OrderBy(_ => random.Next());
        Assert.Equal(Write(ChatFold.Fold(distinct)), Write(ChatFold.Fold(shuffled)));
    });

    [Fact]
    public void Every_message_is_in_a_chat_and_each_chat_is_named_by_its_first_own_message() => Item.List[0, 12].Sample(items =>
    {
        var distinct = items.DistinctBy(i => i.Id).ToList();
        var chats = ChatFold.Fold(distinct);
        Assert.Equal(
            distinct.Where(i => i.Role is not null).Select(i => i.Id).Order(),
            chats.SelectMany(c => c.Questions.Concat(c.Answers)).Distinct().Order());
        Assert.All(chats, c => Assert.Contains(c.Id, c.Questions.Concat(c.Answers)));
        Assert.Equal(chats.Count, chats.Select(c => c.Id).Distinct().Count());
    });

    private static string? Role(char c) => char.ToLowerInvariant(c) switch { 'u' => "user", 'a' => "assistant", 't' => "tool", 's' => "system", _ => null };

    private static string Write(IReadOnlyList<Chat> chats) =>
        string.Join('\n', chats.Select(c => $"{c.Id} {string.Join(',', c.Questions)} {string.Join(',', c.Answers)} {c.SiblingId}"));
}
