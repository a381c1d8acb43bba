using System.Text.Encodings.Web;
using System.Text.Json;
using Perilune.Model;
using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>A run per line, as the API gives it.</summary>
/// <param name="withRuns">Traces and threads: each line also has all runs below, flat, as <c>runs</c>.</param>
internal sealed class JsonLines(Guid project, IRunStore store, bool withRuns) : RunLines
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public override string ContentType => "application/jsonl; charset=utf-8";

    public override async Task WriteAsync(MemoryStream line, Run run, RunRefs refs, CancellationToken cancellationToken)
    {
        var start = (int)line.Length;
        await using (var json = new Utf8JsonWriter(line, s_options))
        {
            if (withRuns)
            {
                var runs = await store.SubtreeAsync(project, run.Id, RunDetail.Full, cancellationToken);
                json.WriteStartObject();
                json.WritePropertyName("run");
                RunJson.Write(json, run, project, refs, parent: null);
                json.WriteStartArray("runs");
                foreach (var below in runs.Where(r => r.Id != run.Id))
                {
                    RunJson.Write(json, below, project, refs, parent: null);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }
            else
            {
                RunJson.Write(json, run, project, refs, parent: null);
            }
        }

        // A payload may have been sent with line breaks between its tokens (within strings JSON has none).
        var written = line.GetBuffer().AsSpan(start, (int)line.Length - start);
        written.Replace((byte)'\n', (byte)' ');
        written.Replace((byte)'\r', (byte)' ');
        line.WriteByte((byte)'\n');
    }
}
