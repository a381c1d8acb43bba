using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Perilune.Load.Traffic;

namespace Perilune.Load.Querying;

/// <summary>Asks each question over and over on one connection, and times the whole answer.</summary>
internal sealed class Interrogator(Uri url, string privateKey, TrafficModel model)
{
    // Code that is run thirty times is compiled anew: answers are timed when that has been done, or after a second of slow ones.
    private const int LeastWarmUp = 5;
    private const int MostWarmUp = 60;
    private const double WarmUpSeconds = 1;

    /// <param name="iterations">Timed answers to each question.</param>
    /// <param name="secondsPerQuestion">Slow questions stop here, with at least one answer.</param>
    public async IAsyncEnumerable<Answer> RunAsync(
        int iterations, double secondsPerQuestion, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", privateKey);
        foreach (var question in await QuestionSet.PrepareAsync(http, model, cancellationToken))
        {
            if (question.Paths.Count > 0)
            {
                yield return await AskAsync(http, question, iterations, secondsPerQuestion, cancellationToken);
            }
        }
    }

    public static async Task<Answer> AskAsync(HttpClient http, Question question, int iterations, double seconds, CancellationToken cancellationToken)
    {
        var millis = new List<double>(iterations);
        var statuses = new Dictionary<int, int>();
        byte[] body = [];
        var startedAt = Stopwatch.GetTimestamp();
        var isWarm = false;
        for (var asked = 0; millis.Count < iterations; asked++)
        {
            var elapsed = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
            var isLate = elapsed > seconds;
            if (isLate && millis.Count > 0)
            {
                break;
            }

            isWarm |= asked == MostWarmUp || isLate || (asked >= LeastWarmUp && elapsed > WarmUpSeconds);

            var askedAt = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync(question.Paths[asked % question.Paths.Count], cancellationToken);
            body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (isWarm)
            {
                millis.Add(Stopwatch.GetElapsedTime(askedAt).TotalMilliseconds);
                statuses[(int)response.StatusCode] = statuses.GetValueOrDefault((int)response.StatusCode) + 1;
            }
        }

        return new Answer(question, Percentiles.Of(millis), statuses, Rows(body), body.Length);
    }

    private static int? Rows(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Array ? root.GetArrayLength()
                : root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data.GetArrayLength()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
