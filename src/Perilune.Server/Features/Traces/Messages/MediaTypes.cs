namespace Perilune.Server.Features.Traces.Messages;

/// <summary>What a browser may show of media that anybody can have sent: it must not be able to do anything.</summary>
internal static class MediaTypes
{
    public static bool IsPicture(string type) => type is "image/png" or "image/jpeg" or "image/jpg" or "image/gif" or "image/webp" or "image/avif" or "image/bmp";

    public static bool IsSound(string type) =>
        type is "audio/mpeg" or "audio/mp3" or "audio/mp4" or "audio/aac" or "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/ogg" or "audio/opus" or "audio/webm" or "audio/flac";
}
