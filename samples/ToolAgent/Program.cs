// An agent with a tool behind MCP: agent, model, tool, MCP call and MCP server stand in one trace, over two processes.
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using PeriluneSdk;
using Samples;

if (args is ["serve"])
{
    var server = Host.CreateApplicationBuilder();
    server.Logging.ClearProviders();
    server.Services.AddPerilune(static o => o.ServiceName = "weather-tools");
    server.Services.AddMcpServer().WithStdioServerTransport().WithTools<WeatherTools>();
    await server.Build().RunAsync();
    return;
}

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddPerilune();
builder.Services.AddChatClient(static _ => Models.Create()).UseFunctionInvocation().UsePerilune();
using var host = builder.Build();
await host.StartAsync();

await using var mcp = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
{
    Name = "weather",
    Command = Environment.ProcessPath!,
    Arguments = ["serve"],
}));
var tools = await mcp.ListToolsAsync();

const string Question = "What is the weather in Paris?";
using (Perilune.Scope(user: "u42", thread: "weather-chat", tags: ["sample"], metadata: new Dictionary<string, object?> { ["tier"] = "pro" }))
{
    using var agent = Perilune.Agent("WeatherAgent").Input(Question);
    var answer = await host.Services.GetRequiredService<IChatClient>().GetResponseAsync(Question, new ChatOptions { Tools = [.. tools] });
    agent.Output(answer.Text);
    agent.Score("answered", answer.Text.Contains("°C", StringComparison.Ordinal) ? 1 : 0);
    agent.Feedback(Thumb.Up, "Right!");
    Console.WriteLine(answer.Text);
}

await host.StopAsync();
