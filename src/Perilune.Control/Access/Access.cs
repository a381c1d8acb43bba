using Microsoft.AspNetCore.Authorization;

namespace Perilune.Control;

/// <summary>
/// Who may call an endpoint. Every endpoint names one of these or is anonymous on purpose; one that names none is denied
/// to all.
/// </summary>
public static class Access
{
    /// <summary>The project's public or private key.</summary>
    public const string Ingest = "ingest";

    /// <summary>The project's public or private key, or a signed-in member.</summary>
    public const string PublicRead = "public read";

    /// <summary>The project's private key, or a signed-in member.</summary>
    public const string Read = "read";

    /// <summary>The project's private key, or a signed-in member who is not a viewer.</summary>
    public const string Write = "write";

    /// <summary>A signed-in admin or owner: keys open everything else, so no key opens this.</summary>
    public const string Manage = "manage";

    /// <summary>Any signed-in account; what it sees of projects is for the endpoint to narrow.</summary>
    public const string SignedIn = "signed in";

    internal static void AddPolicies(AuthorizationBuilder authorization)
    {
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(static _ => false).Build());
        Add(Ingest, new AccessRequirement(PublicKey: true, PrivateKey: true, Member: null));
        Add(PublicRead, new AccessRequirement(PublicKey: true, PrivateKey: true, Member: Role.Viewer));
        Add(Read, new AccessRequirement(PublicKey: false, PrivateKey: true, Member: Role.Viewer));
        Add(Write, new AccessRequirement(PublicKey: false, PrivateKey: true, Member: Role.Member));
        Add(Manage, new AccessRequirement(PublicKey: false, PrivateKey: false, Member: Role.Admin));
        Add(SignedIn, new AccessRequirement(PublicKey: false, PrivateKey: false, Member: Role.Viewer, InProject: false));

        void Add(string name, AccessRequirement requirement) => authorization.AddPolicy(name, policy => policy.AddRequirements(requirement));
    }
}
