using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Perilune.Control;

/// <summary>Why a request was refused, in words for whoever sent it.</summary>
internal sealed class AccessFailure(IAuthorizationHandler handler, int status, string message) : AuthorizationFailureReason(handler, message)
{
    private const string BothKeys = "Send the project's public or private key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";
    private const string PrivateKey = "Send the project's private key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";

    public int Status => status;

    public static AccessFailure OfKey(IAuthorizationHandler handler, AccessRequirement requirement, KeyState? state)
    {
        var fault = state switch
        {
            null => "No key was sent.",
            KeyState.NotUuid => "The key sent is not a UUID.",
            KeyState.Unknown => "The key sent is unknown: it belongs to no project of this server.",
            KeyState.Revoked => "The key sent was revoked.",
            _ => "The key sent is a public key, but this route needs the private key.",
        };
        var expected = requirement switch
        {
            { TakesKeys: false } => "No key opens this route: sign in to the dashboard.",
            { PublicKey: true } => BothKeys,
            _ => PrivateKey,
        };
        return new AccessFailure(handler, StatusCodes.Status401Unauthorized, requirement.TakesKeys ? $"{fault} {expected}" : expected);
    }

    public static AccessFailure NotSignedIn(IAuthorizationHandler handler) =>
        new(handler, StatusCodes.Status401Unauthorized, "Sign in first.");

    public static AccessFailure NoProjectNamed(IAuthorizationHandler handler) =>
        new(handler, StatusCodes.Status400BadRequest, "Name the project: add '?projectId=<id>' to the address, or send a key of the project.");

    public static AccessFailure OtherProject(IAuthorizationHandler handler) =>
        new(handler, StatusCodes.Status403Forbidden, "The key sent belongs to another project than the one named by the request.");

    /// <summary>The same for a project that does not exist and for one that is not the account's.</summary>
    public static AccessFailure NoSuchProject(IAuthorizationHandler handler, Guid project) =>
        new(handler, StatusCodes.Status404NotFound, $"None of your organizations has a project {project}.");

    public static AccessFailure RoleTooLow(IAuthorizationHandler handler, Role role, Role needed) =>
        new(handler, StatusCodes.Status403Forbidden, $"Your role in this organization is {role}; this needs the role {needed} or a higher one. Ask an owner of the organization.");

    public static AccessFailure OtherSite(IAuthorizationHandler handler) =>
        new(handler, StatusCodes.Status403Forbidden, "A page of another site cannot change anything with your session. Send a key, or use the dashboard.");
}
