using System.Text.Json.Serialization;

namespace Perilune.Server.Operations;

/// <summary>What a backup consists of; written last.</summary>
internal sealed record BackupManifest(int Format, string Version, DateTimeOffset Begun, IReadOnlyList<BackedUpFile> Files)
{
    public const int CurrentFormat = 1;
    public const string FileName = "manifest.json";
}

/// <param name="Path">Below the backup, with '/' between folders.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record BackedUpFile(string Path, long Bytes, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
