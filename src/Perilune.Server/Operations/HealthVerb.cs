using Perilune.Server.Hosting;

namespace Perilune.Server.Operations;

/// <summary>Asks a running server for its health, where there is no other program to ask with: in its container.</summary>
internal static class HealthVerb
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(4);

    /// <summary>0 when events can be stored, 1 when not or when nobody answers.</summary>
    public static int Run(HostSettings settings)
    {
        var address = new Uri($"{Banner.Openable(settings.Urls[0], "")}/v1/health");
        using var http = new HttpClient { Timeout = s_patience };
        try
        {
            using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, address));
            using var text = new StreamReader(answer.Content.ReadAsStream());
            Console.WriteLine(text.ReadToEnd());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine($"Nobody answers at {address}: {e.Message}");
            return 1;
        }
    }
}
