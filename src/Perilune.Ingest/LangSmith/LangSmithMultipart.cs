using System.IO.Hashing;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Perilune.Ingest.Json;
using Perilune.Model;

namespace Perilune.Ingest.LangSmith;

/// <summary>
/// Reads multipart bodies: a part <c>post.&lt;id&gt;</c> or <c>patch.&lt;id&gt;</c> is a run, <c>post.&lt;id&gt;.outputs</c>
/// a member of it, <c>feedback.&lt;id&gt;</c> a score, <c>attachment.&lt;id&gt;.&lt;name&gt;</c> a file.
/// </summary>
internal sealed class LangSmithMultipart : IDisposable
{
    private const int MaxHeaders = 16 << 10;
    private const string NotMultipart = "Expected multipart/form-data with a boundary, and parts named post.<run id>, patch.<run id>, and with .inputs, .outputs and the like behind it.";

    private readonly List<JsonDocument> _documents = [];
    private readonly Dictionary<(bool IsPatch, string Id), LangSmithRun> _runs = [];
    private readonly HashSet<(bool IsPatch, string Id)> _refused = [];
    private readonly RunBatch _batch = new();

    /// <exception cref="MalformedBodyException">It is no multipart body, or breaks off.</exception>
    public static async Task<RunBatch> ReadAsync(ReadOnlyMemory<byte> body, string? contentType, Instant receivedAt, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is not { Length: > 0 } boundary)
        {
            throw new MalformedBodyException(NotMultipart);
        }

        using var reading = new LangSmithMultipart();
        try
        {
            await reading.ReadPartsAsync(body, boundary, receivedAt, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException)
        {
            throw new MalformedBodyException($"The multipart body cannot be read: {e.Message}", e);
        }

        return reading.Finish(receivedAt);
    }

    public void Dispose() => _documents.ForEach(document => document.Dispose());

    private async Task ReadPartsAsync(ReadOnlyMemory<byte> body, string boundary, Instant receivedAt, CancellationToken cancellationToken)
    {
        await using var stream = new MemoryStream(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var array) ? array.Array! : body.ToArray(), array.Offset, body.Length, writable: false);
        var reader = new MultipartReader(boundary, stream) { HeadersLengthLimit = MaxHeaders };
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).ToString() : "";
            using var content = new MemoryStream();
            await section.Body.CopyToAsync(content, cancellationToken);
            Take(name, content.ToArray(), section.ContentType, receivedAt);
        }
    }

    private void Take(string name, byte[] content, string? contentType, Instant receivedAt)
    {
        var pieces = name.Split('.', 3);
        if (pieces.Length < 2 || pieces[1].Length is 0 or > RunText.Id)
        {
            _batch.Refuse(RunText.Cut(name, RunText.Label), "Parts are named post.<run id> or patch.<run id>, with .inputs, .outputs and the like behind it, or feedback.<id>.");
            return;
        }

        switch (pieces[0])
        {
            case "post" or "patch" when !_runs.ContainsKey((pieces[0] == "patch", pieces[1])) && !_batch.HasRoom(name, _runs.Count):
                break;
            case "post" or "patch":
                TakeRun(pieces[0] == "patch", pieces[1], pieces.Length == 3 ? pieces[2] : null, content);
                break;
            case "feedback" when Parse(content) is { } feedback:
                if (LangSmithMapper.MapFeedback(feedback, XxHash3.HashToUInt64(content), receivedAt, reason => _batch.Refuse(name, reason)) is { } score)
                {
                    _batch.Events.Add(score);
                }

                break;
            case "attachment":
                _batch.Refuse(RunText.Cut(name, RunText.Label), $"Files beside a run are not kept ({contentType}); put pictures, sound and documents into the messages. The run itself is stored.");
                break;
            default:
                _batch.Refuse(RunText.Cut(name, RunText.Label), "The part is not JSON, or none of post, patch, feedback and attachment. Send runs as LangSmith's SDKs do, in JSON; nothing else of the request is lost.");
                break;
        }
    }

    private void TakeRun(bool isPatch, string id, string? member, byte[] content)
    {
        if (_refused.Contains((isPatch, id)))
        {
            return;
        }

        if (Parse(content) is not { } json)
        {
            // The rest of it would be a run that lacks this.
            _refused.Add((isPatch, id));
            _runs.Remove((isPatch, id));
            _batch.Refuse(id, $"The run's {member ?? "own part"} is not JSON, so the run was not stored. Send the whole run again with this part as JSON.");
            return;
        }

        if (!_runs.TryGetValue((isPatch, id), out var run))
        {
            _runs[(isPatch, id)] = run = new LangSmithRun(id, isPatch);
        }

        run.Hash = XxHash3.HashToUInt64(content, unchecked((long)run.Hash));
        if (member is null)
        {
            run.Head = json;
        }
        else
        {
            run.AddPart(member, json);
        }
    }

    private JsonElement? Parse(byte[] content)
    {
        try
        {
            var document = JsonFields.Parse(content);
            _documents.Add(document);
            return document.RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private RunBatch Finish(Instant receivedAt)
    {
        foreach (var run in _runs.Values)
        {
            if (LangSmithMapper.Map(run, receivedAt, reason => _batch.Refuse(run.Id, reason)) is { } mapped)
            {
                _batch.Events.Add(mapped);
            }
        }

        return _batch;
    }
}
