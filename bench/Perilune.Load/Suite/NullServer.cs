using System.Buffers;

namespace Perilune.Load.Suite;

/// <summary>
/// Kestrel that reads each request to its end and answers with nothing behind it: what HTTP and the load generator cost
/// on this machine, and so the ceiling that the real server is compared with.
/// </summary>
internal static class NullServer
{
    public static async Task RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(arguments.Text("url") ?? "http://127.0.0.1:4599");
        arguments.RefuseUnread();
        await using var app = builder.Build();
        app.MapPost("/v1/runs/ingest", static async context =>
        {
            var body = context.Request.BodyReader;
            while (true)
            {
                var read = await body.ReadAsync(context.RequestAborted);
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            context.Response.ContentType = "application/json";
            context.Response.BodyWriter.Write("""{"results":[]}"""u8);
        });
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }
}
