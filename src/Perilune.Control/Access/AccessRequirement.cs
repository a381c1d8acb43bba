using Microsoft.AspNetCore.Authorization;

namespace Perilune.Control;

/// <param name="Member">The least role of a signed-in member; null when signing in does not help.</param>
/// <param name="InProject">Whether the request is about one project.</param>
internal sealed record AccessRequirement(bool PublicKey, bool PrivateKey, Role? Member, bool InProject = true) : IAuthorizationRequirement
{
    public bool TakesKeys => PublicKey || PrivateKey;
}
