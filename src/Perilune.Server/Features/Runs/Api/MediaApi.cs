using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Extensions;
using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Filtering;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>Media as Langfuse's SDKs ask for them: what it is, and an address that gives the bytes for an hour without a key.</summary>
internal static class MediaApi
{
    /// <summary>A medium stands below each run that refers to it; others may have its tag.</summary>
    private const int MaxLooked = 50;

    private static readonly TimeSpan s_valid = TimeSpan.FromHours(1);

    public static void MapMediaApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/public/media/{medium}", FindAsync).RequireAuthorization(Access.Read).ExcludeFromDescription();

        // The grant in the address is what is authorized.
        endpoints.MapGet("/api/public/media/{medium}/content", WriteAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> FindAsync(HttpContext context, string medium, IRunStore store, IDataProtectionProvider protection, TimeProvider clock, CancellationToken cancellationToken)
    {
        var project = context.ProjectId();
        var tagged = new RunQuery
        {
            Filter = new AndFilter([Is(FilterField.Tag, MediaRuns.TagOf(medium)), Is(FilterField.Type, RunTypes.Plumbing)]),
            Detail = RunDetail.None,
            Limit = MaxLooked,
        };
        var page = await store.ListAsync(project, tagged, cancellationToken);
        if (page.Runs.FirstOrDefault(run => run.ParentId is { } owner && MediaRuns.IdOf(owner, medium) == run.Id) is not { } found)
        {
            return ApiError.Of(StatusCodes.Status404NotFound, "There is no medium with this id in the project. It was not uploaded, or was deleted with its run.");
        }

        var request = context.Request;
        var grant = Protector(protection).Protect($"{project} {found.Id}", s_valid);
        return TypedResults.Ok(new MediaShape
        {
            MediaId = medium,
            ContentType = found.Name ?? "application/octet-stream",
            ContentLength = MediaRuns.BytesOf(found.Metadata) ?? 0,
            UploadedAt = found.Start.ToDateTimeOffset(),
            Url = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/api/public/media/{medium}/content", QueryString.Create("grant", grant)),
            UrlExpiry = clock.GetUtcNow() + s_valid,
        });
    }

    private static async Task<IResult> WriteAsync(HttpContext context, string medium, string? grant, IRunStore store, IDataProtectionProvider protection, CancellationToken cancellationToken)
    {
        try
        {
            var words = Protector(protection).Unprotect(grant ?? "").Split(' ');
            return await MediaFile.WriteBytesAsync(context, Guid.Parse(words[0]), RunId.FromClient(words[1]), store, cancellationToken);
        }
        catch (CryptographicException)
        {
            return ApiError.Of(StatusCodes.Status403Forbidden, $"The address has expired or is not one that was given. Ask for a new one with GET /api/public/media/{medium}.");
        }
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) =>
        protection.CreateProtector("Perilune.Media.Read").ToTimeLimitedDataProtector();

    private static FieldFilter Is(FilterField field, string value) => new(field, null, FilterOperator.Is, new FilterValue { Text = Wildcard.Escape(value) });
}

internal sealed record MediaShape
{
    public required string MediaId { get; init; }

    public required string ContentType { get; init; }

    public required long ContentLength { get; init; }

    public required DateTimeOffset UploadedAt { get; init; }

    public required string Url { get; init; }

    public required DateTimeOffset UrlExpiry { get; init; }
}
