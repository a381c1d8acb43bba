namespace Perilune.Control;

public enum KeyKind
{
    /// <summary>Equals the project's id and may ship in browsers: it sends events and reads what is public.</summary>
    Public,

    /// <summary>A secret of a server: it may read and change everything in its project.</summary>
    Private,
}
