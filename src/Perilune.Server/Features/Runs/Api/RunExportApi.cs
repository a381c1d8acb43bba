using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>Exports for programs: with the private key, or by a link that works for ten minutes.</summary>
internal static class RunExportApi
{
    private static readonly TimeSpan s_valid = TimeSpan.FromMinutes(10);

    public static IResult Export(HttpContext context, IRunStore store, RunReferences references, TimeProvider time, string? exportFormat) =>
        Export(context.ProjectId(), context.Request, store, references, time, exportFormat);

    /// <summary>The token says which project may be exported; the link's query string says what of it.</summary>
    public static IResult IssueToken(HttpContext context, IDataProtectionProvider protection) =>
        TypedResults.Ok(new ExportTokenShape { Token = Protector(protection).Protect(context.ProjectId().ToString(), s_valid) });

    public static IResult ExportByToken(
        HttpContext context, IRunStore store, RunReferences references, IDataProtectionProvider protection, TimeProvider time, string token, string? exportFormat)
    {
        try
        {
            var project = Guid.Parse(Protector(protection).Unprotect(token));
            return Export(project, context.Request, store, references, time, exportFormat);
        }
        catch (CryptographicException)
        {
            return ApiError.Of(StatusCodes.Status401Unauthorized, "The export link has expired or is damaged. Make a new one.");
        }
    }

    private static IResult Export(Guid project, HttpRequest request, IRunStore store, RunReferences references, TimeProvider time, string? format)
    {
        var read = new RunListRequest(request, project, Instant.From(time.GetUtcNow()));
        return read.ReadList() is not { } query ? read.Failure! : RunExports.Of(format, project, query with { Offset = 0 }, store, references, time);
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) =>
        protection.CreateProtector("Perilune.Export").ToTimeLimitedDataProtector();
}
