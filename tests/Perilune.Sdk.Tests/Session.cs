using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Perilune.Server.Tests;

namespace Perilune.Sdk.Tests;

/// <summary>A fresh server, one program of a user that ran against it, and all that the API then says.</summary>
internal sealed class Session
{
    private Session(IReadOnlyList<string> output, IReadOnlyList<JsonNode> runs)
    {
        Output = output;
        Runs = runs;
    }

    /// <summary>What the program printed.</summary>
    public IReadOnlyList<string> Output { get; }

    public IReadOnlyList<JsonNode> Runs { get; }

    public string Tree => Sketch.Tree(Runs);

    public static async Task<Session> RunAsync(string script, FakeModel model, CancellationToken cancellationToken, bool withPrivateKey = false, IReadOnlyList<JsonObject>? templates = null)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken: cancellationToken);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LUNARY_API_URL"] = server.BaseUrl.ToString().TrimEnd('/'),
            ["LUNARY_PUBLIC_KEY"] = ServerProcess.PublicKey.ToString(),
            ["LANGSMITH_ENDPOINT"] = server.BaseUrl.ToString().TrimEnd('/'),
            ["LANGSMITH_API_KEY"] = ServerProcess.PublicKey.ToString(),
            ["LANGSMITH_TRACING"] = script.StartsWith("langsmith", StringComparison.Ordinal) ? "true" : "false",
            ["OPENAI_BASE_URL"] = $"{model.Url}/v1",
            ["OPENAI_API_KEY"] = "none",
            ["ANTHROPIC_BASE_URL"] = model.Url,
            ["ANTHROPIC_API_KEY"] = "none",
        };
        if (withPrivateKey)
        {
            settings["LUNARY_PRIVATE_KEY"] = ServerProcess.PrivateKey.ToString();
        }

        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServerProcess.PrivateKey.ToString());
        foreach (var template in templates ?? [])
        {
            using var made = await server.Http.PostAsJsonAsync(new Uri("v1/templates", UriKind.Relative), template, cancellationToken);
            made.EnsureSuccessStatusCode();
        }

        var output = await Application.RunAsync(script, settings, cancellationToken);
        var list = JsonNode.Parse(await server.Http.GetStringAsync(new Uri("v1/runs?limit=1000", UriKind.Relative), cancellationToken))!;
        var runs = list["data"]!.AsArray().Select(static run => run!).ToList();
        Assert.Equal(runs.Count, (int)list["total"]!);
        return new(output, runs);
    }

    /// <summary>The only run with the name, or else the type.</summary>
    public JsonNode The(string name) => Runs.Single(run => (string?)(run["name"] ?? run["type"]) == name);

    /// <summary>The run with the id that the client gave it.</summary>
    public JsonNode Sent(string clientId) => Runs.Single(run => (string?)run["clientId"] == clientId);
}
