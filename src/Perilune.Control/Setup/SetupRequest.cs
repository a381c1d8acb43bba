namespace Perilune.Control;

/// <summary>What an operator wants to find at the first start and after it; what is null is made up when it is needed.</summary>
public sealed record SetupRequest
{
    public string? Organization { get; init; }

    public string? Project { get; init; }

    public string? Email { get; init; }

    public string? Password { get; init; }

    public Guid? PublicKey { get; init; }

    public Guid? PrivateKey { get; init; }

    /// <summary>Nothing was asked for: the defaults are made once, and nothing after that.</summary>
    public bool IsEmpty => this == new SetupRequest();
}

/// <param name="Created">The project made by this start, with the keys to show; null at later starts.</param>
/// <param name="LoginToken">A login link's token when no owner has a password yet, so that somebody can get in.</param>
public sealed record SetupResult(NewProject? Created, string? OwnerEmail, string? LoginToken);
