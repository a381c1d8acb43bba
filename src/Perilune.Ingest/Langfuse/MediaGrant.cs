using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;

namespace Perilune.Ingest.Langfuse;

/// <summary>
/// What a client may put at the address it was given: one medium of one run. The bytes come without a key, as to the
/// storage of a cloud, so the address itself says what it is good for, and nobody else can make one.
/// </summary>
/// <param name="Run">The run whose messages refer to the medium.</param>
/// <param name="Medium">As the messages name it.</param>
/// <param name="Hash">SHA-256 of the bytes, in base64.</param>
/// <param name="Type">The MIME type, as the client says.</param>
/// <param name="IsByPublicKey">The address was asked for with the public key.</param>
internal sealed record MediaGrant(Guid Project, string Run, string Medium, string Hash, string Type, int Length, bool IsByPublicKey)
{
    private static readonly TimeSpan s_valid = TimeSpan.FromHours(1);

    public string Protect(IDataProtectionProvider protection) => Protector(protection).Protect(JsonSerializer.Serialize(this, MediaJson.Default.MediaGrant), s_valid);

    /// <summary>Null when it has expired, is damaged, or was never given.</summary>
    public static MediaGrant? Unprotect(IDataProtectionProvider protection, string? token)
    {
        try
        {
            return string.IsNullOrEmpty(token) ? null : JsonSerializer.Deserialize(Protector(protection).Unprotect(token), MediaJson.Default.MediaGrant);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) =>
        protection.CreateProtector("Perilune.Media").ToTimeLimitedDataProtector();
}

[JsonSerializable(typeof(MediaGrant))]
[JsonSerializable(typeof(string))]
internal sealed partial class MediaJson : JsonSerializerContext;
