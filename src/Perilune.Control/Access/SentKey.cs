using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Perilune.Control;

/// <summary>Finds the key in a request.</summary>
internal static class SentKey
{
    private const string XApiKey = "X-API-Key";
    private const string Basic = "Basic";

    /// <summary>
    /// <c>Authorization: ANYTHING key</c>, <c>Authorization: key</c>, <c>Authorization: Basic base64(public:private)</c>,
    /// then <c>X-API-Key: key</c>. Null when the request has none of them.
    /// </summary>
    public static string? Read(HttpRequest request)
    {
        var authorization = request.Headers[HeaderNames.Authorization].ToString().AsSpan().Trim();
        if (authorization.IsEmpty)
        {
            var key = request.Headers[XApiKey].ToString().Trim();
            return key.Length > 0 ? key : null;
        }

        var space = authorization.IndexOf(' ');
        if (space < 0)
        {
            return authorization.ToString();
        }

        var rest = authorization[(space + 1)..].TrimStart();
        if (authorization[..space].Equals(Basic, StringComparison.OrdinalIgnoreCase) && TryReadBasic(rest.ToString(), out var basic))
        {
            return basic;
        }

        var end = rest.IndexOf(' ');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>The password when there is one, else the user name.</summary>
    private static bool TryReadBasic(string encoded, out string? key)
    {
        var bytes = new byte[encoded.Length];
        key = null;
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        key = colon < 0 ? text : colon == text.Length - 1 ? text[..colon] : text[(colon + 1)..];
        return true;
    }
}
