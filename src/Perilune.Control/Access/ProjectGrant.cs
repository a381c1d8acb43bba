using Microsoft.AspNetCore.Http;

namespace Perilune.Control;

/// <summary>What a request was authorized for: exactly one of <paramref name="Key"/> and <paramref name="Role"/> is set.</summary>
/// <param name="Key">The kind of key that was sent.</param>
/// <param name="Role">The signed-in member's role.</param>
public sealed record ProjectGrant(Guid ProjectId, KeyKind? Key, Role? Role)
{
    public bool MayWrite => Key == KeyKind.Private || Role >= Control.Role.Member;

    public bool MayManage => Role >= Control.Role.Admin;
}

public static class HttpContextAccess
{
    extension(HttpContext context)
    {
        /// <summary>The project that the request was authorized for.</summary>
        /// <exception cref="InvalidOperationException">The endpoint's policy is not one about a project.</exception>
        public Guid ProjectId() => context.ProjectGrant().ProjectId;

        /// <inheritdoc cref="ProjectId"/>
        public ProjectGrant ProjectGrant() => context.Features.Get<ProjectGrant>()
            ?? throw new InvalidOperationException($"{context.GetEndpoint()?.DisplayName} has no project: require one of the project policies of {nameof(Access)}.");

        /// <summary>The id of the key that was sent; null when none was, or it is not valid.</summary>
        public Guid? KeyId() => context.Features.Get<KeySent>()?.Lookup.Key?.KeyId;

        /// <summary>The signed-in account; null when a key was sent or nobody is signed in.</summary>
        public Guid? AccountId() => SessionPrincipal.AccountId(context.User);
    }
}
