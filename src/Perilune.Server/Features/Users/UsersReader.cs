using Perilune.Storage;

namespace Perilune.Server.Features.Users;

internal sealed class UsersReader(IRunStore store, TimeProvider clock)
{
    /// <summary>More users than these are not added up by organization and team.</summary>
    public const int MaxGrouped = 20_000;

    public Task<UserPage> PageAsync(UsersView view, CancellationToken cancellationToken)
    {
        var (from, to) = view.Bounds(clock.GetUtcNow());
        return store.ListUsersAsync(
            view.Project,
            new UserQuery { Search = view.Search, From = from, To = to, Sort = view.Sort, Ascending = view.Ascending, Limit = UsersView.PageSize, Offset = view.Page * UsersView.PageSize },
            cancellationToken);
    }

    public async Task<IReadOnlyList<UserGroup>> GroupsAsync(UsersView view, CancellationToken cancellationToken)
    {
        var (from, to) = view.Bounds(clock.GetUtcNow());
        var page = await store.ListUsersAsync(view.Project, new UserQuery { Search = view.Search, From = from, To = to, Sort = UserSort.Cost, Limit = MaxGrouped }, cancellationToken);
        return UserGroup.Of(page.Users, view.Property, view.Sort, view.Ascending);
    }

    /// <summary>The user with what was used, in all and in the last 30 days; null when no event ever named the user.</summary>
    public async Task<(EndUser User, UserSums All, UserSums Month)?> FindAsync(Guid project, string id, CancellationToken cancellationToken)
    {
        if (await store.UsersAsync(project, [id], cancellationToken) is not [var user])
        {
            return null;
        }

        var all = await store.UserSumsAsync(project, id, null, null, cancellationToken);
        var month = await store.UserSumsAsync(project, id, UsersView.DaysBefore(clock.GetUtcNow(), 30), null, cancellationToken);
        return (user, all, month);
    }
}
