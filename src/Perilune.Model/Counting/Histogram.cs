namespace Perilune.Model.Counting;

/// <summary>How many durations fell into each bucket of <see cref="DurationScale"/>.</summary>
public sealed class Histogram
{
    private long[] _counts = [];
    private int _first;

    public long Total { get; private set; }

    /// <summary>No bucket holds anything. A difference of two can have a <see cref="Total"/> of 0 without that.</summary>
    public bool IsEmpty => Total == 0 && !_counts.AsSpan().ContainsAnyExcept(0L);

    /// <summary>The buckets that are not empty, in order.</summary>
    public IEnumerable<(int Bucket, long Count)> Items
    {
        get
        {
            for (var i = 0; i < _counts.Length; i++)
            {
                if (_counts[i] != 0)
                {
                    yield return (_first + i, _counts[i]);
                }
            }
        }
    }

    /// <summary>Adds durations to a bucket, or takes them out again.</summary>
    public void Add(int bucket, long count)
    {
        Reach(bucket);
        _counts[bucket - _first] += count;
        Total += count;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < other._counts.Length; i++)
        {
            if (other._counts[i] != 0)
            {
                Add(other._first + i, other._counts[i]);
            }
        }
    }

    /// <summary>
    /// The duration that <paramref name="share"/> (0 to 1) of all do not exceed; null when there are none. Within a bucket
    /// durations are taken to be spread evenly.
    /// </summary>
    public TimeSpan? Percentile(double share)
    {
        if (Total == 0)
        {
            return null;
        }

        var rank = Math.Clamp((long)Math.Ceiling(share * Total), 1, Total);
        var before = 0L;
        for (var i = 0; ; i++)
        {
            if (before + _counts[i] >= rank)
            {
                var (from, to) = (DurationScale.Start(_first + i), DurationScale.Start(_first + i + 1));
                return TimeSpan.FromMicroseconds(from + (long)((to - from) * ((rank - before - 0.5) / _counts[i])));
            }

            before += _counts[i];
        }
    }

    private void Reach(int bucket)
    {
        if (_counts.Length == 0)
        {
            (_first, _counts) = (bucket, new long[8]);
        }
        else if (bucket < _first)
        {
            var first = Math.Max(0, Math.Min(bucket, _first - _counts.Length));
            var wider = new long[_counts.Length + _first - first];
            _counts.CopyTo(wider, _first - first);
            (_first, _counts) = (first, wider);
        }
        else if (bucket - _first >= _counts.Length)
        {
            Array.Resize(ref _counts, Math.Max(bucket - _first + 1, 2 * _counts.Length));
        }
    }
}
