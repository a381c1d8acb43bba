using System.Text.Json;
using Perilune.Model;

namespace Perilune.Ingest.Json;

/// <summary>Ids as clients send them, of runs and users.</summary>
internal static class RunIds
{
    /// <summary>What is kept beside the id of the run so that it can be found and shown as sent; null for a UUID.</summary>
    public static string? ClientId(string sent) => sent == RunId.FromClient(sent).ToString() ? null : sent;

    /// <summary>The user: these frameworks know none, so that applications put theirs into the metadata.</summary>
    public static string? User(JsonElement? metadata) =>
        metadata.Get("user_id"u8).Text(RunText.Id) ?? metadata.Get("userId"u8).Text(RunText.Id) ?? metadata.Get("user"u8).Text(RunText.Id);

    /// <summary>
    /// Where a run stands: below its parent, which it tells about the conversation, or else in the conversation.
    /// </summary>
    public static (RunId? Parent, RunId? TraceThread, ThreadFacts? Thread) Place(string? parent, string? thread)
    {
        var above = parent is null ? (RunId?)null : RunId.FromClient(parent);
        if (thread is null)
        {
            return (above, null, null);
        }

        var facts = new ThreadFacts(ClientId(thread), null, default);
        return above is null ? (RunId.FromClient(thread), null, facts) : (above, RunId.FromClient(thread), facts);
    }
}
