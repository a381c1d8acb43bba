using Microsoft.AspNetCore.Http;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Delivery;

public sealed class SpoolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perilune-spool-").FullName;

    [Fact]
    public async Task What_could_not_be_sent_is_sent_by_the_next_start()
    {
        await using var sink = await Sink.StartAsync();
        var isDown = true;
        sink.Refuse = (context, _, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(isDown);
        };
        await using (var client = sink.Client(o => o.SpoolDirectory = _folder))
        {
            for (var i = 0; i < 20; i++)
            {
                Perilune.Agent($"a{i}").Dispose();
            }

            Perilune.Feedback("r", Thumb.Up);
        }

        Assert.NotEmpty(Directory.GetFiles(_folder));
        isDown = false;
        await using (var client = sink.Client(o => o.SpoolDirectory = _folder))
        {
            Perilune.Agent("new").Dispose();
            await client.SettleAsync();
            Assert.Equal(22, client.Status.Stored);
        }

        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Equal(21, sink.Spans.DistinctBy(static span => span.SpanId).Count());
        Assert.Equal(21, sink.Spans.Count);
        Assert.Single(sink.Events);
    }

    [Fact]
    public async Task An_outage_does_not_fill_the_memory()
    {
        await using var sink = await Sink.StartAsync();
        var isDown = true;
        sink.Refuse = (context, _, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(isDown);
        };
        await using var client = sink.Client(o => (o.SpoolDirectory, o.MaxQueueItems, o.MaxBatchItems) = (_folder, 50, 10));

        for (var i = 0; i < 200; i++)
        {
            Perilune.Agent($"a{i}").Dispose();
            while (client.Status.Waiting > 40)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }

        isDown = false;
        await client.SettleAsync();
        Assert.Equal(0, client.Status.Dropped);
        Assert.Equal(200, sink.Spans.DistinctBy(static span => span.SpanId).Count());
    }

    [Fact]
    public async Task A_full_spool_leaves_the_rest_in_memory()
    {
        await using var sink = await Sink.StartAsync();
        var isDown = true;
        sink.Refuse = (context, _, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(isDown);
        };
        await using var client = sink.Client(o => (o.SpoolDirectory, o.MaxSpoolBytes, o.MaxBatchItems) = (_folder, 1000, 1));

        for (var i = 0; i < 20; i++)
        {
            Perilune.Agent($"a{i}").Dispose();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.False(await client.FlushAsync(limit.Token));
        Assert.InRange(new DirectoryInfo(_folder).EnumerateFiles().Sum(static file => file.Length), 0, 1000);
        isDown = false;
        await client.SettleAsync();
        Assert.Equal(20, sink.Spans.DistinctBy(static span => span.SpanId).Count());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_costs_the_spool_alone()
    {
        await using var sink = await Sink.StartAsync();
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        var log = new LogList();
        await using var client = sink.Client(o => o.SpoolDirectory = Path.Combine(file, "below"), log);

        Perilune.Agent("a").Dispose();

        await client.SettleAsync();
        Assert.Contains("Perilune:SpoolDirectory", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
