using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perilune.Sdk.Tests;

internal static class TestJson
{
    /// <summary>Compact, with letters as they are.</summary>
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
