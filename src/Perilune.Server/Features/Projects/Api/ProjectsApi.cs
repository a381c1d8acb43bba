using System.ComponentModel;
using System.Globalization;
using Perilune.Control;
using Perilune.Server.Features.Runs.Api;
using ProjectService = Perilune.Control.Projects;

namespace Perilune.Server.Features.Projects.Api;

/// <summary>What a key can learn of its project.</summary>
internal static class ProjectsApi
{
    public static void MapProjectsApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/v1/projects", ListAsync).OpenTo(Access.Read).WithTags("Projects")
            .WithName("listProjects").WithSummary("Get the project of the key")
            .WithDescription("A list of one, in Lunary's form. Projects are added, renamed and deleted in the dashboard: no key can do that.")
            .Produces<IReadOnlyList<ProjectShape>>();
        endpoints.MapPost("/v1/projects/{projectId:guid}/regenerate-key", RegenerateKeyAsync).OpenTo(Access.Manage).WithTags("Projects")
            .WithName("regenerateKey").WithSummary("Replace the private keys by a new one")
            .WithDescription("For signed-in admins; no key can do that. All private keys of the project are revoked. The public key is the project's id and cannot be replaced.")
            .Takes<KeyKindShape>().Produces<KeyShape>();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ProjectService projects, CancellationToken cancellationToken) =>
        TypedResults.Ok(await projects.FindAsync(context.ProjectId(), cancellationToken) is { } project
            ? new List<ProjectShape> { new() { Id = project.Id, Name = project.Name, OrgId = project.OrganizationId, CreatedAt = project.Created } }
            : []);

    private static async Task<IResult> RegenerateKeyAsync(HttpContext context, ApiKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var (body, failure) = await JsonBody.ReadAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return failure!;
        }

        if (body.Raw("type") is not "\"private\"")
        {
            return ApiError.Unprocessable("type", "Send \"private\": the public key is the project's id and cannot be replaced.");
        }

        var project = context.ProjectId();
        var before = (await keys.ListAsync(project, cancellationToken)).Where(k => k is { Kind: KeyKind.Private, Revoked: null }).ToList();
        var made = await keys.CreateAsync(project, KeyKind.Private, string.Create(CultureInfo.InvariantCulture, $"Private key of {time.GetUtcNow():yyyy-MM-dd}"), cancellationToken);
        if (!made.Succeeded)
        {
            return ApiError.Of(StatusCodes.Status422UnprocessableEntity, made.Error);
        }

        foreach (var key in before)
        {
            await keys.RevokeAsync(project, key.Id, cancellationToken);
        }

        return TypedResults.Ok(new KeyShape { ApiKey = made.Value.Secret });
    }
}

internal sealed record ProjectShape
{
    [Description("Also the public key.")]
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required Guid OrgId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed record KeyKindShape
{
    [Description("private.")]
    public required string Type { get; init; }
}

internal sealed record KeyShape
{
    [Description("Shown this once: only its hash is kept.")]
    public required Guid ApiKey { get; init; }
}
