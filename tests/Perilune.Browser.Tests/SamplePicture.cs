using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perilune.Browser.Tests;

/// <summary>A question about a picture, as Langfuse's SDKs send it: the bytes go their own way, and the message names them.</summary>
internal static class SamplePicture
{
    /// <summary>The run that asks, which is its whole trace.</summary>
    public const string Run = $"{Trace}-{Observation}";

    private const string Trace = "20000000000000000000000000000001";
    private const string Observation = "8cadecfc40e5e01a";

    public static async Task SendAsync(ServerProcess server)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "picture.png"));
        var hash = SHA256.HashData(bytes);
        var asked = await server.PostAsync(
            "/api/public/media",
            new JsonObject
            {
                ["traceId"] = Trace, ["observationId"] = Observation, ["contentType"] = "image/png", ["contentLength"] = bytes.Length, ["sha256Hash"] = Convert.ToBase64String(hash), ["field"] = "input",
            },
            CancellationToken.None);
        await UploadAsync(server, asked["uploadUrl"]!.GetValue<string>(), bytes, hash);

        var reference = $"@@@langfuseMedia:type=image/png|id={asked["mediaId"]}|source=base64_data_uri@@@";
        var input = JsonSerializer.Serialize(new object[]
        {
            new { role = "user", content = new object[] { new { type = "text", text = "What does this picture show?" }, new { type = "image_url", image_url = new { url = reference } } } },
        });
        await server.PostAsync(
            "/api/public/otel/v1/traces",
            (JsonObject)JsonNode.Parse($$$"""
                {"resourceSpans":[{"scopeSpans":[{"scope":{"name":"langfuse-sdk"},"spans":[{"traceId":"{{{Trace}}}","spanId":"{{{Observation}}}","name":"look","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000001000000000","attributes":[
                  {"key":"langfuse.observation.type","value":{"stringValue":"generation"}},
                  {"key":"langfuse.observation.model.name","value":{"stringValue":"gpt-5"}},
                  {"key":"langfuse.observation.input","value":{"stringValue":{{{JsonSerializer.Serialize(input)}}}}},
                  {"key":"langfuse.observation.output","value":{"stringValue":"A crescent moon over a dark blue sky."}}]}]}]}]}
                """)!,
            CancellationToken.None);
    }

    private static async Task UploadAsync(ServerProcess server, string address, byte[] bytes, byte[] hash)
    {
        using var http = new HttpClient { BaseAddress = server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        request.Headers.Add("x-amz-checksum-sha256", Convert.ToBase64String(hash));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
