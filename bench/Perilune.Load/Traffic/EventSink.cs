using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perilune.Load.Traffic;

/// <summary>One event's place in <see cref="Trace.Utf8"/>, and how many runs it begins.</summary>
internal readonly record struct EventSlice(int Start, int Length, int Runs);

/// <param name="RootId">The id of the root run, or of the thread.</param>
internal sealed record Trace(string RootId, ReadOnlyMemory<byte> Utf8, IReadOnlyList<EventSlice> Events)
{
    public int Runs => Events.Sum(static e => e.Runs);
}

/// <summary>Writes the events of one trace as the JavaScript SDK would.</summary>
internal sealed class EventSink : IDisposable
{
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _bytes = new(16 * 1024);
    private readonly List<EventSlice> _events = [];
    private readonly Utf8JsonWriter _json;
    private string? _rootId;

    public EventSink() => _json = new Utf8JsonWriter(_bytes, Json);

    /// <summary>Opens an event; write what is its own, then <see cref="Close"/> it.</summary>
    public Utf8JsonWriter Open(string kind, string? type, string runId, string? parentId, long millis)
    {
        _rootId ??= parentId ?? runId;
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("event", kind);
        _json.WriteString("type", type);
        _json.WriteString("runId", runId);
        if (parentId is not null)
        {
            _json.WriteString("parentRunId", parentId);
        }

        _json.WriteNumber("timestamp", millis);
        _json.WriteString("runtime", "lunary-js");
        return _json;
    }

    public void Close(int runs = 0)
    {
        var start = _events.Count == 0 ? 0 : _events[^1].Start + _events[^1].Length;
        _json.WriteEndObject();
        _json.Flush();
        _events.Add(new EventSlice(start, _bytes.WrittenCount - start, runs));
    }

    public void Dispose() => _json.Dispose();

    public Trace ToTrace() => new(_rootId ?? "", _bytes.WrittenMemory, _events);
}
