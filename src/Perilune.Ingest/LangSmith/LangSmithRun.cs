using System.Text.Json;
using Perilune.Ingest.Json;

namespace Perilune.Ingest.LangSmith;

/// <summary>
/// One run as LangSmith's SDKs send it: when it begins, or whole (<c>post</c>), and once more when it ends (<c>patch</c>).
/// In multipart bodies its larger members come as parts of their own.
/// </summary>
internal sealed class LangSmithRun(string id, bool isPatch)
{
    private readonly Dictionary<string, JsonElement> _parts = new(StringComparer.Ordinal);

    public string Id => id;

    public bool IsPatch => isPatch;

    /// <summary>The run itself; null when only parts of it came.</summary>
    public JsonElement? Head { get; set; }

    /// <summary>Of everything that was sent of it.</summary>
    public ulong Hash { get; set; }

    public void AddPart(string name, JsonElement value) => _parts[name] = value;

    /// <summary>A member that can be a part of its own.</summary>
    public JsonElement? Part(string name) => _parts.TryGetValue(name, out var part)
        ? part.ValueKind == JsonValueKind.Null ? null : part
        : Head.Get(System.Text.Encoding.UTF8.GetBytes(name));
}
