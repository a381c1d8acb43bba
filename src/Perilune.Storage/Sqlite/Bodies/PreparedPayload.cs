using Perilune.Model;

namespace Perilune.Storage.Sqlite.Bodies;

/// <summary>
/// A payload cut, hashed and compressed on the thread that received it, so that the one writer of the file only has to
/// insert. Slices that the window already knows are not compressed.
/// </summary>
internal sealed class PreparedPayload
{
    private readonly RawJson _payload;
    private readonly Slice[] _slices;
    private readonly BodyWindow _window;
    private readonly int _epoch;

    private PreparedPayload(RawJson payload, Slice[] slices, BodyWindow window, int epoch)
    {
        _payload = payload;
        _slices = slices;
        _window = window;
        _epoch = epoch;
    }

    public static PreparedPayload? Of(RawJson payload, BodyWindow window, List<Range> scratch)
    {
        if (payload.IsAbsent)
        {
            return null;
        }

        scratch.Clear();
        PayloadSplitter.Split(payload, scratch);
        var epoch = window.Epoch;
        var slices = new Slice[scratch.Count];
        for (var i = 0; i < slices.Length; i++)
        {
            var content = payload.Span[scratch[i]];
            var hash = BodyWindow.Hash(content);
            var body = window.Find(hash);
            slices[i] = new Slice(scratch[i], hash, body, body == 0 ? BodyCodec.Encode(content) : null);
        }

        return new PreparedPayload(payload, slices, window, epoch);
    }

    /// <summary>
    /// Stores what is new through <paramref name="bodies"/>, which may be of another file than the one guessed when it was
    /// prepared. Only on the file's writer, within its transaction.
    /// </summary>
    public Rope Store(BodyWriter bodies)
    {
        var rope = new RopeBuilder();
        var span = _payload.Span;
        var at = 0;
        foreach (var slice in _slices)
        {
            var (start, end) = (slice.Range.Start.Value, slice.Range.End.Value);
            rope.Literal(span[at..start]);
            var known = bodies.Window == _window && _window.Epoch == _epoch ? slice.Body : 0;
            rope.Body(known != 0 ? known : bodies.Store(slice.Hash, slice.Encoded, span[start..end]));
            at = end;
        }

        return rope.Literal(span[at..]).Build();
    }

    private readonly record struct Slice(Range Range, UInt128 Hash, long Body, byte[]? Encoded);
}
