using System.Text;
using Perilune.Model.Words;

namespace Perilune.Storage.Sqlite.Search;

/// <summary>The different words of a document, as UTF-8 with a blank behind each.</summary>
internal sealed class WordBag
{
    private const int KeptBytes = 1 << 20;
    private byte[] _bytes = new byte[4096];
    private int _length;

    // Where a word begins and which document it is of, by its hash; open addressing.
    private (int Start, int Document)[] _slots = new (int, int)[1024];
    private int _count;
    private int _document = 1;

    public bool IsEmpty => _length == 0;

    public ReadOnlySpan<byte> Utf8 => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        if (_bytes.Length > KeptBytes)
        {
            (_bytes, _slots) = (new byte[4096], new (int, int)[1024]);
        }

        (_length, _count) = (0, 0);
        _document++;
    }

    /// <summary>Adds the words of a payload's texts.</summary>
    public void Add(ReadOnlySpan<byte> json)
    {
        using var texts = new PayloadTexts(json);
        Span<char> word = stackalloc char[WordReader.MaxLength];
        Span<byte> utf8 = stackalloc byte[WordReader.MaxLength * 3];
        while (texts.MoveNext())
        {
            if (texts.IsOfVector)
            {
                continue;
            }

            var words = new WordReader(texts.Current, word);
            while (words.MoveNext())
            {
                AddWord(utf8[..Encoding.UTF8.GetBytes(words.Current, utf8)]);
            }
        }
    }

    private void AddWord(ReadOnlySpan<byte> word)
    {
        if (_count >= _slots.Length / 2)
        {
            Grow();
        }

        ref var slot = ref Slot(word);
        if (slot.Document == _document)
        {
            return;
        }

        if (_length + word.Length + 1 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + word.Length + 1));
        }

        slot = (_length, _document);
        _count++;
        word.CopyTo(_bytes.AsSpan(_length));
        _bytes[_length + word.Length] = (byte)' ';
        _length += word.Length + 1;
    }

    // The slot that has the word, or the free one for it.
    private ref (int Start, int Document) Slot(ReadOnlySpan<byte> word)
    {
        var hash = 2166136261u;
        foreach (var b in word)
        {
            hash = (hash ^ b) * 16777619u;
        }

        for (var at = (hash ^ (hash >> 15)) & (_slots.Length - 1); ; at = (at + 1) & (_slots.Length - 1))
        {
            ref var slot = ref _slots[at];
            if (slot.Document != _document)
            {
                return ref slot;
            }

            var known = _bytes.AsSpan(slot.Start, _length - slot.Start);
            if (known.Length > word.Length && known[word.Length] == (byte)' ' && known.StartsWith(word))
            {
                return ref slot;
            }
        }
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new (int, int)[old.Length * 2];
        foreach (var (start, document) in old)
        {
            if (document == _document)
            {
                var word = _bytes.AsSpan(start, _bytes.AsSpan(start, _length - start).IndexOf((byte)' '));
                Slot(word) = (start, document);
            }
        }
    }
}
