using System.Text.Json.Nodes;

namespace PeriluneSdk;

/// <summary>An end user of the application, and what is known of them.</summary>
/// <param name="Id">The application's own id of the user, up to 1,024 bytes of UTF-8.</param>
/// <example><code>new PeriluneUser("u42") { Name = "Ann", OrganizationId = "acme", Props = new() { ["plan"] = "pro" } }</code></example>
public sealed record PeriluneUser(string Id)
{
    /// <summary>Shown instead of the id.</summary>
    public string? Name { get; init; }

    /// <summary>The user's address.</summary>
    public string? Email { get; init; }

    /// <summary>The customer that the user belongs to; costs can be grouped by it.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The team within the organization; costs can be grouped by it.</summary>
    public string? TeamId { get; init; }

    /// <summary>Anything else. It is read when the user is identified, and later changes are not seen.</summary>
    public JsonObject? Props { get; init; }

    /// <summary>A user of whom only the id is known.</summary>
    /// <param name="id">The user's id.</param>
    public static implicit operator PeriluneUser(string id) => new(id);

    /// <summary>Same as the conversion from text.</summary>
    /// <param name="id">The user's id.</param>
    /// <returns>A user without props.</returns>
    public static PeriluneUser FromString(string id) => new(id);

    /// <summary>Everything known as one object; null when nothing is.</summary>
    internal JsonObject? ToProps()
    {
        var props = Props?.DeepClone().AsObject() ?? [];
        Set("name", Name);
        Set("email", Email);
        Set("organizationId", OrganizationId);
        Set("teamId", TeamId);
        return props.Count == 0 ? null : props;

        void Set(string key, string? value)
        {
            if (value is not null)
            {
                props[key] = value;
            }
        }
    }
}
