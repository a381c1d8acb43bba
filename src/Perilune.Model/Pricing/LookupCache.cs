using System.Collections.Concurrent;

namespace Perilune.Model.Pricing;

/// <summary>
/// What was found under a name, or that nothing was. Names come from clients, so it is bounded: when it is full it starts
/// anew, which costs the names in use one search each.
/// </summary>
internal sealed class LookupCache<T>(int capacity)
    where T : class
{
    private Generation _now = new();

    public bool TryGet(string? provider, string model, out T? found) => _now.Entries.TryGetValue((provider, model), out found);

    public void Add(string? provider, string model, T? found)
    {
        var now = _now;
        if (Interlocked.Increment(ref now.Count) > capacity)
        {
            Interlocked.CompareExchange(ref _now, new Generation(), now);
            return;
        }

        now.Entries.TryAdd((provider, model), found);
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<(string? Provider, string Model), T?> Entries = [];
        public int Count;
    }
}
