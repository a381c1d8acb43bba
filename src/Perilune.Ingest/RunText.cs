namespace Perilune.Ingest;

/// <summary>Bounds of what identifies and labels a run, in characters.</summary>
internal static class RunText
{
    public const int Label = 256;
    public const int Name = 1024;
    public const int Id = 512;
    public const int Tags = 128;

    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
