using Microsoft.AspNetCore.Http;
using PeriluneSdk.Tests.Support;

namespace PeriluneSdk.Tests.Delivery;

public sealed class DeliveryTests
{
    [Fact]
    public async Task Requests_carry_key_and_type_and_are_compressed_when_that_helps()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();

        Perilune.Agent("a").Input(new string('x', 5000)).Dispose();
        Perilune.Feedback("r", Thumb.Up);

        await client.SettleAsync();
        Assert.Equal(
            [new HttpRequestFacts("/v1/runs/ingest", $"Bearer {Sink.Key}", "application/json", false), new HttpRequestFacts("/v1/traces", $"Bearer {Sink.Key}", "application/x-protobuf", true)],
            sink.Requests.OrderBy(static r => r.Path, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("429 with Retry-After")]
    [InlineData("503")]
    [InlineData("500")]
    [InlineData("dropped connection")]
    [InlineData("401")]
    public async Task What_fails_for_now_is_sent_again(string fault)
    {
        await using var sink = await Sink.StartAsync();
        sink.Refuse = (context, number, _) =>
        {
            switch (fault)
            {
                case "dropped connection":
                    if (number <= 2)
                    {
                        context.Abort();
                    }

                    break;
                case "429 with Retry-After":
                    context.Response.StatusCode = 429;
                    context.Response.Headers.RetryAfter = "0";
                    break;
                default:
                    context.Response.StatusCode = int.Parse(fault);
                    break;
            }

            return Task.FromResult(number <= 2);
        };
        await using var client = sink.Client();

        Perilune.Agent("a").Dispose();

        await client.SettleAsync();
        Assert.Equal(3, sink.Requests.Count);
        Assert.Equal((1, 0, 0), (client.Status.Stored, client.Status.Dropped, client.Status.Refused));
        Assert.Single(sink.Spans);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_is_left_alone_for_so_long()
    {
        await using var sink = await Sink.StartAsync();
        var times = new List<long>();
        sink.Refuse = (context, number, _) =>
        {
            times.Add(Environment.TickCount64);
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "1";
            return Task.FromResult(number == 1);
        };
        await using var client = sink.Client();

        Perilune.Agent("a").Dispose();

        await client.SettleAsync();
        Assert.True(times[1] - times[0] >= 990, $"It came again after {times[1] - times[0]} ms.");
    }

    [Fact]
    public async Task One_bad_span_does_not_take_others_with_it()
    {
        await using var sink = await Sink.StartAsync();
        sink.Refuse = static (context, _, body) =>
        {
            var isBad = SentSpan.ReadAll(body).Any(static span => span.Name.EndsWith("bad", StringComparison.Ordinal));
            context.Response.StatusCode = 400;
            return Task.FromResult(isBad);
        };
        await using var client = sink.Client();

        foreach (var name in new[] { "1", "2", "bad", "3", "4" })
        {
            Perilune.Agent(name).Dispose();
        }

        Assert.False(await client.FlushAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4, sink.Spans.Count);
        Assert.Equal((4, 0, 1), (client.Status.Stored, client.Status.Dropped, client.Status.Refused));
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_sent_in_parts()
    {
        await using var sink = await Sink.StartAsync();
        sink.Refuse = static (context, _, body) =>
        {
            context.Response.StatusCode = 413;
            return Task.FromResult(body.Length > 20_000);
        };
        await using var client = sink.Client(static o => o.MaxBatchItems = 100);

        for (var i = 0; i < 40; i++)
        {
            Perilune.Agent("a").Input(new string('x', 2000)).Dispose();
        }

        await client.SettleAsync();
        Assert.Equal(40, sink.Spans.Count);
        Assert.Equal(40, sink.Spans.DistinctBy(static span => span.SpanId).Count());
    }

    [Fact]
    public async Task What_the_server_refuses_of_a_batch_is_counted_with_its_reason()
    {
        await using var sink = await Sink.StartAsync();
        sink.Refuse = static async (context, _, body) =>
        {
            if (context.Request.Path == "/v1/traces")
            {
                // partial_success { rejected_spans: 1, error_message: "too old" }
                await context.Response.Body.WriteAsync((byte[])[0x0a, 11, 8, 1, 0x12, 7, .. "too old"u8]);
            }
            else
            {
                await context.Response.WriteAsync("""{"results":[{"id":"r","success":true},{"id":"s","success":false,"error":"feedback is missing"}]}""");
            }

            return true;
        };
        var log = new LogList();
        await using var client = sink.Client(loggers: log);

        Perilune.Agent("a").Dispose();
        Perilune.Agent("b").Dispose();
        Assert.False(await client.FlushAsync(TestContext.Current.CancellationToken));
        Perilune.Feedback("r", Thumb.Up);
        Perilune.Feedback("s", Thumb.Up);
        Assert.False(await client.FlushAsync(TestContext.Current.CancellationToken));

        Assert.Equal((2, 0, 2), (client.Status.Stored, client.Status.Dropped, client.Status.Refused));
        Assert.Contains("too old", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_room_is_dropped_and_counted_and_holds_nobody_up()
    {
        await using var sink = await Sink.StartAsync();
        var open = new TaskCompletionSource();
        sink.Refuse = async (_, _, _) =>
        {
            await open.Task;
            return false;
        };
        var log = new LogList();
        await using var client = sink.Client(static o => (o.MaxQueueItems, o.MaxBatchItems) = (100, 10), log);

        for (var i = 0; i < 250; i++)
        {
            Perilune.Agent("a").Dispose();
        }

        Assert.Equal(150, client.Status.Dropped);
        Assert.True(client.Status.Waiting <= 100);
        open.SetResult();
        await client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(100, sink.Spans.Count);
        Assert.Contains("Lost 150 spans and events", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_line_says_that_nothing_can_be_delivered_and_how_to_mend_it()
    {
        await using var sink = await Sink.StartAsync();
        sink.Refuse = static (context, number, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(number <= 3);
        };
        var log = new LogList();
        await using var client = sink.Client(loggers: log);

        Perilune.Agent("a").Dispose();

        await client.SettleAsync();
        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("Is PERILUNE_API_KEY a key of a project of this server?", log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("again", log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_cannot_be_written_costs_its_span_alone()
    {
        await using var sink = await Sink.StartAsync();
        await using var client = sink.Client();

        Perilune.Agent("a").Metadata("x", new Unwritable()).Dispose();
        Perilune.Agent("b").Dispose();

        Assert.False(await client.FlushAsync(TestContext.Current.CancellationToken));
        Assert.Equal("invoke_agent b", Assert.Single(sink.Spans).Name);
    }

    [Fact]
    public async Task The_end_of_a_client_sends_what_waits()
    {
        await using var sink = await Sink.StartAsync();
        await using (sink.Client(static o => o.FlushInterval = TimeSpan.FromMinutes(10)))
        {
            Perilune.Agent("a").Dispose();
            Perilune.Feedback("r", Thumb.Up);
        }

        Assert.Single(sink.Spans);
        Assert.Single(sink.Events);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        await using var sink = await Sink.StartAsync();
        sink.Refuse = static (context, _, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        await using var client = sink.Client(static o => o.ShutdownTimeout = TimeSpan.Zero);
        Perilune.Agent("a").Dispose();

        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.False(await client.FlushAsync(limit.Token));
        Assert.Equal(1, client.Status.Waiting);
    }

    private sealed class Unwritable
    {
        public override string ToString() => throw new InvalidOperationException("unwritable");
    }
}
