using System.Collections;
using Perilune.Storage;

namespace Perilune.Ingest;

/// <summary>The refused events of a request that can hold millions: all are counted, the first are known by their reason.</summary>
internal sealed class RefusedEvents : IReadOnlyList<RefusedEvent>
{
    private readonly List<RefusedEvent> _first = [];

    public int Count { get; private set; }

    public RefusedEvent this[int index] => _first[Math.Min(index, _first.Count - 1)];

    /// <param name="describe">Asked only for those that are kept.</param>
    public void Add(Func<RefusedEvent> describe)
    {
        if (_first.Count < Arrival.KeptRefusalsOfRequest)
        {
            _first.Add(describe());
        }

        Count++;
    }

    public IEnumerator<RefusedEvent> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
