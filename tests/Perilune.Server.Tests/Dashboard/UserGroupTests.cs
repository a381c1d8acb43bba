using CsCheck;
using Perilune.Model;
using Perilune.Server.Features.Users;
using Perilune.Storage;

namespace Perilune.Server.Tests.Dashboard;

public sealed class UserGroupTests
{
    private static readonly string?[] s_teams = ["\"sales\"", "\"7\"", "7", "null", "\"\"", "[\"sales\"]", null];

    private static readonly Gen<UserUse> s_user = Gen.Select(Gen.Int[0, 99], Gen.Int[0, s_teams.Length - 1], Gen.Long[0, 1000], Gen.Long[0, long.MaxValue]).Select((id, team, runs, cost) => new UserUse(
        new EndUser($"{id}", default, new Instant(id), s_teams[team] is { } value ? RawJson.Parse($$"""{"name":"x","teamId":{{value}}}""") : default),
        new UserSums(runs, runs / 2, runs, (Int128)cost * 3, cost)));

    /// <summary>Nobody is in two teams, nobody in none of them: the teams together are all users.</summary>
    [Fact]
    public void Teams_add_up_to_all_users() => s_user.List[0, 40].Sample(users =>
    {
        foreach (var sort in Enum.GetValues<UserSort>())
        {
            var groups = UserGroup.Of(users, "teamId", sort, ascending: false);
            Assert.Equal(users.Count, groups.Sum(group => group.Users));
            Assert.Equal(Sum(users), groups.Aggregate(default(UserSums), (sum, group) => sum.Plus(group.Sums)));
            Assert.Equal(Sum(users.Where(user => user.User.Props.ToString().Contains('7'))), groups.FirstOrDefault(group => group.Name == "7")?.Sums ?? default);
            Assert.Equal(groups.Count, groups.Select(group => group.Name).Distinct(StringComparer.Ordinal).Count());
        }
    });

    private static UserSums Sum(IEnumerable<UserUse> users) => users.Aggregate(default(UserSums), (sum, user) => sum.Plus(user.Sums));
}
