namespace Perilune.Control;

/// <summary>What a member may do in an organization; each role may do what the ones before it may.</summary>
public enum Role
{
    /// <summary>Look.</summary>
    Viewer,

    /// <summary>Change what is in projects.</summary>
    Member,

    /// <summary>Manage projects and their keys.</summary>
    Admin,

    /// <summary>Manage the organization.</summary>
    Owner,
}
