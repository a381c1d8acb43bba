using System.Text.Json;

namespace Perilune.Model;

/// <summary>
/// Pictures, sound and files that a client took out of the messages of a run and sent by themselves. Each is a run below
/// that one: so it goes wherever the run goes, and is deleted and erased with it. The bytes are its attributes, a part of
/// a message as OpenTelemetry's conventions have it, because lists read no attributes; its output refers to itself.
/// </summary>
public static class MediaRuns
{
    /// <summary>What stands in a message where a medium was, up to its type.</summary>
    public const string Reference = "@@@langfuseMedia:";

    /// <summary>The member of the metadata that says how many bytes it has.</summary>
    public const string Bytes = "bytes";

    /// <summary>The words of a reference.</summary>
    public static string ReferenceTo(string type, string medium) => $"{Reference}type={type}|id={medium}|source=bytes@@@";

    /// <summary>The run that holds a medium.</summary>
    /// <param name="run">The run whose messages refer to it.</param>
    /// <param name="medium">As the messages name it.</param>
    public static RunId IdOf(RunId run, string medium) => RunId.FromClient($"media\0{run}\0{medium}");

    /// <summary>
    /// The run that media of a whole trace are below, which stands below the trace's root: whoever uploads one knows the
    /// trace and not its root.
    /// </summary>
    /// <param name="trace">In hexadecimal.</param>
    public static RunId HolderOf(string trace) => RunId.FromClient($"media\0{trace.ToLowerInvariant()}");

    /// <summary>The tag by which all runs that hold a medium are found.</summary>
    public static string TagOf(string medium) => $"media:{medium}";

    public static bool IsReferredToBy(RawJson payload) => payload.Span.IndexOf("@@@langfuseMedia:"u8) >= 0;

    /// <summary>How many bytes a medium has, by its metadata.</summary>
    public static long? BytesOf(RawJson metadata)
    {
        if (!metadata.IsObject)
        {
            return null;
        }

        var reader = new Utf8JsonReader(metadata.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBytes = reader.ValueTextEquals(Bytes);
            reader.Read();
            if (isBytes)
            {
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var bytes) ? bytes : null;
            }

            reader.Skip();
        }

        return null;
    }
}
