using Perilune.Model.Filtering;

namespace Perilune.Storage;

/// <summary>Which users a query finds, and in what order.</summary>
internal static class UserOrder
{
    public static UserPage Page(UserQuery query, IEnumerable<UserUse> users)
    {
        var found = users.Where(user => IsFound(query, user.User)).ToList();
        var sorted = Sort(found, query);
        return new UserPage([.. sorted.Skip(query.Offset).Take(query.Limit)], found.Count);
    }

    public static bool IsFound(UserQuery query, EndUser user) => query.Search is not { Length: > 0 } text
        || user.Id.Contains(text, StringComparison.OrdinalIgnoreCase)
        || PayloadText.Contains(user.Props, text);

    private static IOrderedEnumerable<UserUse> Sort(List<UserUse> users, UserQuery query) => query.Sort switch
    {
        UserSort.LastSeen => By(users, query, user => user.User.LastSeen),
        UserSort.FirstSeen => By(users, query, user => user.User.FirstSeen),
        UserSort.Runs => By(users, query, user => user.Sums.Runs),
        UserSort.Tokens => By(users, query, user => user.Sums.Tokens),
        UserSort.Cost => By(users, query, user => user.Sums.Cost),
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    private static IOrderedEnumerable<UserUse> By<T>(List<UserUse> users, UserQuery query, Func<UserUse, T> key) =>
        (query.Ascending ? users.OrderBy(key) : users.OrderByDescending(key)).ThenBy(user => user.User.Id, StringComparer.Ordinal);
}
