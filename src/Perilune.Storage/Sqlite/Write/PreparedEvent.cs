using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.Bodies;

namespace Perilune.Storage.Sqlite.Write;

/// <summary>An event with its payloads ready to be stored.</summary>
internal sealed record PreparedEvent(RunEvent Event, StoredPayloads Payloads, PreparedPayload? Message)
{
    /// <summary>Why the writer left it out; null when it did not.</summary>
    public string? Refusal { get; set; }

    public static IReadOnlyList<EventRefusal> Refusals(PreparedEvent[] events) =>
        Array.TrueForAll(events, e => e.Refusal is null) ? [] : [.. events.Index().Where(e => e.Item.Refusal is not null).Select(e => new EventRefusal(e.Index, e.Item.Refusal!))];

    public static PreparedEvent Of(RunEvent e, BodyWindow window, List<Range> scratch) => new(
        e,
        new StoredPayloads(
            PreparedPayload.Of(e.Input, window, scratch),
            PreparedPayload.Of(e.Output, window, scratch),
            PreparedPayload.Of(e.Error, window, scratch),
            PreparedPayload.Of(e.Params, window, scratch),
            PreparedPayload.Of(e.Attributes, window, scratch)),
        e.Message is { } message ? PreparedPayload.Of(message.Raw, window, scratch) : null);
}
