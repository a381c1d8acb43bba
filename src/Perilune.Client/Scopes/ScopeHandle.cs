namespace PeriluneSdk.Scopes;

/// <summary>A scope that is open in a flow of execution. Ending it brings back the nearest outer one that is still open.</summary>
internal sealed class ScopeHandle : IDisposable
{
    private static readonly AsyncLocal<ScopeHandle?> s_current = new();

    private readonly ScopeHandle? _outer;
    private readonly ScopeState _state;
    private volatile bool _ended;

    private ScopeHandle(ScopeHandle? outer, ScopeState state) => (_outer, _state) = (outer, state);

    /// <summary>What holds in this flow of execution; null outside of every scope. Work that was started in a scope stays in it.</summary>
    public static ScopeState? Current => s_current.Value?._state;

    public static ScopeHandle Open(Func<ScopeState, ScopeState> change)
    {
        var outer = s_current.Value;
        var inner = new ScopeHandle(outer, change(outer?._state ?? ScopeState.Empty));
        s_current.Value = inner;
        return inner;
    }

    public void Dispose()
    {
        _ended = true;
        var open = s_current.Value;
        while (open is { _ended: true })
        {
            open = open._outer;
        }

        s_current.Value = open;
    }
}
