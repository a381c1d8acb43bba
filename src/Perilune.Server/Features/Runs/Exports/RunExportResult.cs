using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>Streams all runs of a query as a file, page by page, holding one page in memory.</summary>
internal sealed class RunExportResult(Guid project, RunQuery query, IRunStore store, RunReferences references, RunLines lines, string fileName) : IResult
{
    private const int PageSize = 500;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, cancelled) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = lines.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        using var buffer = new MemoryStream();
        if (lines.Head is { } head)
        {
            buffer.Write(System.Text.Encoding.UTF8.GetBytes(head + "\r\n"));
        }

        var next = query with { Limit = PageSize, Detail = RunDetail.Full };
        while (true)
        {
            var page = await store.ListAsync(project, next, cancelled);
            var refs = await references.ReadAsync(project, page.Runs, cancelled);
            foreach (var run in page.Runs)
            {
                await lines.WriteAsync(buffer, run, refs, cancelled);
                if (buffer.Length >= 1 << 16)
                {
                    await FlushAsync();
                }
            }

            if (page.Next is null)
            {
                await FlushAsync();
                return;
            }

            next = next with { After = page.Next, Offset = 0 };
        }

        async Task FlushAsync()
        {
            await response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancelled);
            buffer.SetLength(0);
        }
    }
}
