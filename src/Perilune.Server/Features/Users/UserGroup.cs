using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Ui.Json;
using Perilune.Storage;

namespace Perilune.Server.Features.Users;

/// <summary>Users that carry the same organization or team, and what they used together.</summary>
/// <param name="Name">Null: users without one.</param>
public sealed record UserGroup(string? Name, int Users, UserSums Sums, Instant LastSeen)
{
    internal static IReadOnlyList<UserGroup> Of(IEnumerable<UserUse> users, string property, UserSort sort, bool ascending)
    {
        var groups = users.GroupBy(u => UserProps.Text(u.User.Props, property), StringComparer.Ordinal)
            .Select(g => new UserGroup(g.Key, g.Count(), g.Aggregate(default(UserSums), (sum, u) => sum.Plus(u.Sums)), g.Select(u => u.User.LastSeen).Aggregate(Instant.Max)))
            .ToList();
        Func<UserGroup, Int128> key = sort switch
        {
            UserSort.Runs => g => g.Sums.Runs,
            UserSort.Tokens => g => g.Sums.Tokens,
            UserSort.Cost => g => g.Sums.Cost,
            _ => g => g.LastSeen.Micros,
        };
        return [.. (ascending ? groups.OrderBy(key) : groups.OrderByDescending(key)).ThenBy(g => g.Name, StringComparer.Ordinal)];
    }
}

/// <summary>What an application told about its users.</summary>
internal static class UserProps
{
    private const int Limit = 200;

    /// <summary>The text of a property; numbers as they are written. Null when there is none.</summary>
    public static string? Text(RawJson props, string name) => All(props).FirstOrDefault(p => p.Name == name).Value;

    /// <summary>The properties that are texts, numbers or flags.</summary>
    public static IReadOnlyList<(string Name, string Value)> All(RawJson props)
    {
        if (!props.IsObject)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(props.Utf8, JsonReading.Options);
            return
            [
                .. document.RootElement.EnumerateObject()
                    .Select(p => (Name: JsonReading.NameOf(p), Value: p.Value.ValueKind switch
                    {
                        JsonValueKind.String => p.Value.Text(Limit).Text,
                        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => p.Value.GetRawText(),
                        _ => "",
                    }))
                    .Where(p => p.Value.Length > 0),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The name to show: what the application calls the user, else the id.</summary>
    public static string NameOf(EndUser user) => Text(user.Props, "name") ?? Text(user.Props, "email") ?? user.Id;
}
