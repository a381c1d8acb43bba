namespace Perilune.Control.Data;

internal sealed class OrganizationRow
{
    public Guid Id { get; init; }

    public required string Name { get; set; }

    public DateTimeOffset Created { get; init; }

    public List<ProjectRow> Projects { get; } = [];

    public List<MembershipRow> Memberships { get; } = [];
}

internal sealed class AccountRow
{
    public Guid Id { get; init; }

    /// <summary>As its owner wrote it.</summary>
    public required string Email { get; set; }

    /// <summary>What makes an address unique: <see cref="EmailAddress.Key"/>.</summary>
    public required string EmailKey { get; set; }

    /// <summary>Null until a password is set: such an account is entered by a login link.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes with the password; cookies that carry another stamp end.</summary>
    public required string SecurityStamp { get; set; }

    public DateTimeOffset Created { get; init; }

    public List<MembershipRow> Memberships { get; } = [];
}

internal sealed class MembershipRow
{
    public Guid AccountId { get; init; }

    public Guid OrganizationId { get; init; }

    public Role Role { get; set; }

    public AccountRow Account { get; init; } = null!;

    public OrganizationRow Organization { get; init; } = null!;
}

internal sealed class ProjectRow
{
    /// <summary>Also the project's public key.</summary>
    public Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    public DateTimeOffset Created { get; init; }

    /// <summary>Null keeps runs for good.</summary>
    public int? RetentionDays { get; set; }

    public OrganizationRow Organization { get; init; } = null!;

    public List<ApiKeyRow> Keys { get; } = [];
}

internal sealed class ApiKeyRow
{
    public Guid Id { get; init; }

    public Guid ProjectId { get; init; }

    public KeyKind Kind { get; init; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the key's 36 lower-case characters.</summary>
    public required byte[] Hash { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset? Revoked { get; set; }
}

internal sealed class LoginLinkRow
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    public Guid AccountId { get; init; }

    public DateTimeOffset Expires { get; init; }
}
