using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Perilune.Sdk.Tests.FakeModel))]

namespace Perilune.Sdk.Tests;

/// <summary>
/// Answers as OpenAI and Anthropic do, always the same: <see cref="Answer"/>, or a call of the first tool there is while
/// none was answered; the model "busy" is out of quota.
/// </summary>
public sealed class FakeModel : IAsyncLifetime
{
    public const string Answer = "Es sind 18 °C in Köln ☀️, 東京も.";

    private static readonly string[] s_pieces = ["", "Es sind ", "18 °C ", "in Köln ☀️", ", 東京も."];

    private readonly WebApplication _app;

    public FakeModel()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", CompleteAsync);
        _app.MapPost("/v1/messages", static () => Results.Text(Message, "application/json"));
    }

    public string Url => _app.Urls.Single();

    private static string Message => new JsonObject
    {
        ["id"] = "msg_1", ["type"] = "message", ["role"] = "assistant", ["model"] = "claude-fake", ["stop_reason"] = "end_turn",
        ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Answer }),
        ["usage"] = new JsonObject { ["input_tokens"] = 56, ["cache_read_input_tokens"] = 64, ["output_tokens"] = 34 },
    }.ToJsonString();

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task CompleteAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        if ((string?)request["model"] == "busy")
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            await WriteAsync(context, new JsonObject { ["error"] = new JsonObject { ["message"] = "Zu viele Anfragen", ["type"] = "requests", ["code"] = "rate_limit_exceeded" } });
        }
        else if ((bool?)request["stream"] is true)
        {
            await StreamAsync(context);
        }
        else
        {
            await WriteAsync(context, Completion(request));
        }
    }

    private static JsonObject Completion(JsonNode request)
    {
        var wantsTool = request["tools"] is not null && !request["messages"]!.AsArray().Any(static m => (string?)m!["role"] == "tool");
        var message = new JsonObject { ["role"] = "assistant", ["content"] = wantsTool ? null : Answer, ["refusal"] = null };
        if (wantsTool)
        {
            message["tool_calls"] = JsonNode.Parse("""[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Köln\"}"}}]""");
        }

        return new()
        {
            ["id"] = "chatcmpl-1", ["object"] = "chat.completion", ["created"] = 1_764_000_000, ["model"] = request["model"]!.DeepClone(),
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = wantsTool ? "tool_calls" : "stop" }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 120, ["completion_tokens"] = 34, ["total_tokens"] = 154 },
        };
    }

    private static async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var piece in s_pieces)
        {
            var chunk = new JsonObject
            {
                ["id"] = "chatcmpl-2", ["object"] = "chat.completion.chunk",
                ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["content"] = piece, ["role"] = "assistant" } }),
            };
            await context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n", context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
