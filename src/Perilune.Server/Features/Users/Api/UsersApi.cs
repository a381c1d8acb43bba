using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
using Perilune.Model;
using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;

namespace Perilune.Server.Features.Users.Api;

/// <summary>The JSON API about end users, in Lunary's shapes. A user's id is the one that the application gave.</summary>
internal static class UsersApi
{
    public static void MapUsersApi(this IEndpointRouteBuilder endpoints)
    {
        var users = endpoints.MapGroup("/v1/external-users").WithTags("Users");
        users.MapGet("", ListAsync).OpenTo(Access.Read).WithName("listUsers").WithSummary("List end users with what they used")
            .WithDescription("Of the runs that start within startDate and endDate (ISO 8601) and match the same filters as the list of runs; without any of these, of all time and with the users that have no runs left.")
            .Produces<UserListShape>().Fails(400);
        users.MapGet("/props/keys", KeysAsync).OpenTo(Access.Read).WithName("listUserProps").WithSummary("List the names of users' properties").Produces<IReadOnlyList<string>>();
        users.MapDelete("/{id}", EraseAsync).OpenTo(Access.Write).WithName("eraseUser").WithSummary("Erase an end user")
            .WithDescription("Removes the user and all runs that are counted for it, down to the bytes. Cannot be undone.").Produces(StatusCodes.Status204NoContent).Fails(404);
        users.MapGet("/{id}", GetAsync).OpenTo(Access.Read).WithName("getUser").WithSummary("Get an end user").Produces<EndUserShape>().Fails(404);

        var filters = endpoints.MapGroup("/v1/filters").WithTags("Filters");
        filters.MapGet("/users", FindAsync).OpenTo(Access.Read).WithName("listFilterUsers").WithSummary("Users whose id or properties contain a text").Produces<IReadOnlyList<EndUserShape>>();
        filters.MapGet("/user-props/keys", KeysAsync).OpenTo(Access.Read).WithName("listFilterUserProps").WithSummary("Names of users' properties").Produces<IReadOnlyList<string>>();
        filters.MapGet("/user-props/values", ValuesAsync).OpenTo(Access.Read).WithName("listFilterUserPropValues").WithSummary("Values of a property").Produces<IReadOnlyList<string>>();
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, IRunStore store, TimeProvider time, string? search, string? startDate, string? endDate, CancellationToken cancellationToken)
    {
        var request = new RunListRequest(context.Request, context.ProjectId(), Instant.From(time.GetUtcNow()));
        if (request.ReadMatch(ignored: "search") is not var (_, filter) ||
            request.ReadNumber("limit", 100, 1, 1000) is not { } limit ||
            request.ReadNumber("page", 0, 0, 100_000) is not { } page ||
            request.ReadChoice("sortField", "createdAt", ("createdAt", UserSort.FirstSeen), ("lastSeen", UserSort.LastSeen), ("cost", UserSort.Cost), ("tokens", UserSort.Tokens), ("runs", UserSort.Runs)) is not { } sort ||
            request.ReadChoice("sortDirection", "desc", ("desc", false), ("asc", true)) is not { } ascending)
        {
            return request.Failure!;
        }

        if (!TryTime(startDate, out var from) || !TryTime(endDate, out var to))
        {
            return ApiError.BadRequest(TryTime(startDate, out _) ? "endDate" : "startDate", "is not a time. Send ISO 8601, as in 2026-11-24T10:00:00Z.");
        }

        var found = await store.ListUsersAsync(
            context.ProjectId(), new UserQuery { Search = search, From = from, To = to, Filter = filter, Sort = sort, Ascending = ascending, Limit = limit, Offset = page * limit }, cancellationToken);
        return TypedResults.Ok(new UserListShape { Total = found.Total, Page = page, Limit = limit, Data = [.. found.Users.Select(Shape)] });
    }

    private static async Task<IResult> GetAsync(HttpContext context, IRunStore store, string id, CancellationToken cancellationToken)
    {
        if (await store.UsersAsync(context.ProjectId(), [id], cancellationToken) is not [var user])
        {
            return ApiError.Of(StatusCodes.Status404NotFound, "User not found");
        }

        return TypedResults.Ok(Shape(new UserUse(user, await store.UserSumsAsync(context.ProjectId(), id, null, null, cancellationToken))));
    }

    private static async Task<IResult> EraseAsync(HttpContext context, IRunStore store, string id, CancellationToken cancellationToken)
    {
        if (await store.UsersAsync(context.ProjectId(), [id], cancellationToken) is not [_])
        {
            return ApiError.Of(StatusCodes.Status404NotFound, "User not found");
        }

        await store.EraseUserAsync(context.ProjectId(), id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<List<EndUserShape>>> FindAsync(HttpContext context, IRunStore store, string? search, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ListUsersAsync(context.ProjectId(), new UserQuery { Search = search, Limit = 100 }, cancellationToken)).Users.Select(Shape).ToList());

    private static async Task<Ok<List<string>>> KeysAsync(HttpContext context, IRunStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await PropsAsync(context, store, cancellationToken)).Select(p => p.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList());

    private static async Task<Ok<List<string>>> ValuesAsync(HttpContext context, IRunStore store, string? key, CancellationToken cancellationToken) =>
        TypedResults.Ok((await PropsAsync(context, store, cancellationToken)).Where(p => p.Name == key).Select(p => p.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList());

    private static async Task<IEnumerable<(string Name, string Value)>> PropsAsync(HttpContext context, IRunStore store, CancellationToken cancellationToken) =>
        (await store.ListUsersAsync(context.ProjectId(), new UserQuery { Limit = 1000 }, cancellationToken)).Users.SelectMany(u => UserProps.All(u.User.Props));

    private static bool TryTime(string? text, out Instant? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var ok = DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var parsed);
        time = ok ? Instant.From(parsed) : null;
        return ok;
    }

    private static EndUserShape Shape(UserUse use) => new()
    {
        Id = use.User.Id,
        ExternalId = use.User.Id,
        CreatedAt = use.User.FirstSeen.ToDateTimeOffset(),
        LastSeen = use.User.LastSeen.ToDateTimeOffset(),
        Props = use.User.Props.HasValue ? JsonNode.Parse(use.User.Props.Span) : null,
        Cost = long.CreateSaturating(use.Sums.Cost) / 1_000_000_000m,
        Tokens = long.CreateSaturating(use.Sums.Tokens),
        Runs = use.Sums.Runs,
    };
}

internal sealed record UserListShape
{
    public required int Total { get; init; }

    public required int Page { get; init; }

    public required int Limit { get; init; }

    public required IReadOnlyList<EndUserShape> Data { get; init; }
}

internal sealed record EndUserShape
{
    [Description("As the application gave it.")]
    public required string Id { get; init; }

    public required string ExternalId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    public required JsonNode? Props { get; init; }

    [Description("USD, of model calls.")]
    public required decimal Cost { get; init; }

    public required long Tokens { get; init; }

    public required long Runs { get; init; }
}
