using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PeriluneSdk.Recording;

/// <summary>Remembers what was said of users, so that a scope per request does not say it again each time.</summary>
internal sealed class IdentifiedUsers
{
    private const int MaxUsers = 10_000;

    private readonly ConcurrentDictionary<string, string> _props = new(StringComparer.Ordinal);

    public bool IsNew(string userId, JsonObject props)
    {
        var said = props.ToJsonString();
        if (_props.TryGetValue(userId, out var before) && string.Equals(before, said, StringComparison.Ordinal))
        {
            return false;
        }

        if (_props.Count >= MaxUsers)
        {
            _props.Clear();
        }

        _props[userId] = said;
        return true;
    }
}
