using Microsoft.AspNetCore.WebUtilities;

namespace Perilune.Server.Features.Users;

/// <summary>Addresses of pages, relative to the page's base. A user's id may hold anything, so it stands in the query string.</summary>
internal static class UserLinks
{
    public static string User(Guid project, string id) => QueryHelpers.AddQueryString($"projects/{project}/user", "id", id);

    public static string List(Guid project) => $"projects/{project}/users";
}
