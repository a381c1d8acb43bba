namespace PeriluneSdk.Prompts;

/// <summary>A template in memory, and whether a newer one is being fetched.</summary>
internal sealed class KeptPrompt(Prompt prompt, long fetched)
{
    private int _isRefreshing;
    private long _fetched = fetched;

    public Prompt Prompt => prompt;

    public long Fetched => Interlocked.Read(ref _fetched);

    public bool TryBeginRefresh() => Interlocked.Exchange(ref _isRefreshing, 1) == 0;

    /// <summary>It failed; the next attempt comes when the template would be stale again.</summary>
    public void EndRefresh(long now)
    {
        Interlocked.Exchange(ref _fetched, now);
        Interlocked.Exchange(ref _isRefreshing, 0);
    }
}
