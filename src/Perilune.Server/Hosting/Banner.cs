using Perilune.Control;

namespace Perilune.Server.Hosting;

/// <summary>What a start says to its operator: everything once, one line from then on.</summary>
internal static class Banner
{
    public static string Compose(string url, SetupResult setup)
    {
        List<string> lines = [$"Perilune is ready at {url}"];
        if (setup.LoginToken is { } token)
        {
            lines.AddRange(["", $"  Sign in      {url}/login/link?token={token}", $"               as {setup.OwnerEmail}; works once, within 24 hours"]);
        }

        if (setup.Created is { } project)
        {
            lines.AddRange(
            [
                "",
                $"  Project      {project.Project.Name}",
                $"  Public key   {project.PublicKey}   may ship in browsers; also the project id",
                $"  Private key  {project.PrivateKey}   secret, shown only now",
                "",
                "Send it something, for example with",
                "",
                $"  export LUNARY_API_URL={url} LUNARY_PUBLIC_KEY={project.PublicKey}",
                "",
                "  JavaScript   npm install lunary openai",
                "               import { monitorOpenAI } from \"lunary/openai\"",
                "               const openai = monitorOpenAI(new OpenAI())",
                "",
                "  Python       pip install lunary openai",
                "               import lunary, openai",
                "               client = openai.OpenAI(); lunary.monitor(client)",
                "",
                "  curl         curl $LUNARY_API_URL/v1/runs/ingest -H \"Authorization: Bearer $LUNARY_PUBLIC_KEY\" \\",
                "                 -H \"Content-Type: application/json\" \\",
                "                 -d '{\"events\":[{\"type\":\"llm\",\"event\":\"start\",\"runId\":\"hello\",\"name\":\"gpt-5\",\"input\":\"Hello\"}]}'",
                "",
            ]);
        }

        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>An address that a person on this machine can open, from one that Kestrel listens on.</summary>
    public static string Openable(string listening, string pathBase)
    {
        var uri = new UriBuilder(listening.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal));
        if (uri.Host is "0.0.0.0" or "[::]")
        {
            uri.Host = "localhost";
        }

        return uri.Uri.GetLeftPart(UriPartial.Authority) + pathBase;
    }
}
