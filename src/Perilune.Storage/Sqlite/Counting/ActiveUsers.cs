using System.Numerics;

namespace Perilune.Storage.Sqlite.Counting;

/// <summary>
/// Who was active in which period, put together file by file. A set of users is a row of bits, since every period may hold
/// every user; a user's bit is the same in all files.
/// </summary>
internal sealed class ActiveUsers(int periods)
{
    private const int BitsPerWord = 64;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ulong[][] _periods = [.. Enumerable.Repeat(Array.Empty<ulong>(), periods)];

    /// <summary>Which bit stands for a user.</summary>
    public int NumberOf(string user)
    {
        if (!_numbers.TryGetValue(user, out var number))
        {
            _numbers[user] = number = _numbers.Count;
        }

        return number;
    }

    public void Add(int period, int user)
    {
        var word = user / BitsPerWord;
        if (_periods[period].Length <= word)
        {
            Array.Resize(ref _periods[period], Math.Max(word + 1, _periods[period].Length * 2));
        }

        _periods[period][word] |= 1UL << (user % BitsPerWord);
    }

    /// <summary>How many users each period has.</summary>
    public IReadOnlyList<int> Counts => [.. _periods.Select(bits => bits.Sum(BitOperations.PopCount))];

    /// <summary>How many users there are in all periods together.</summary>
    public int Total => Enumerable.Range(0, _numbers.Count).Count(HasAny);

    public bool Contains(string user) => _numbers.TryGetValue(user, out var number) && HasAny(number);

    private bool HasAny(int user) =>
        Array.Exists(_periods, bits => bits.Length > user / BitsPerWord && (bits[user / BitsPerWord] & (1UL << (user % BitsPerWord))) != 0);
}
