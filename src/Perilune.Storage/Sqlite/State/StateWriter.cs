using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Perilune.Model;
using Perilune.Model.Merging;

namespace Perilune.Storage.Sqlite.State;

/// <summary>
/// Encodes a <see cref="RunState"/> without its payloads, which stand in columns of their own. Layout, version 3:
/// version, stamps (count, each: flags, time relative to the first, hash), then the fields in the order of
/// <see cref="Write(RunState)"/>; a field that is not set is a zero where its stamp number (from 1) would be. Strings
/// that repeat are term numbers; usage is a bit per count that was given, then those counts. What only some wires send
/// stands at the end, after a bit per field that is set. <see cref="StateReader"/> is the other half.
/// </summary>
internal sealed class StateWriter(Func<string, long> term)
{
    public const byte Version = 3;
    private readonly ArrayBufferWriter<byte> _fields = new(256);
    private readonly List<Stamp> _stamps = [];

    public byte[] Write(RunState state)
    {
        _fields.ResetWrittenCount();
        _stamps.Clear();
        var origin = state.FirstReceived.Micros;
        Number(Varint.ZigZag(origin));
        Time(state.ClientStart, origin);
        Time(state.ClientEnd, origin);
        Time(state.FirstMentioned, origin);
        Time(state.ReceivedEnd, origin);
        Number(state.Exists ? 1UL : 0);
        Text(state.ClientId);
        if (Field(state.Completion))
        {
            Number((ulong)state.Completion.Value);
        }

        Term(state.Type);
        Term(state.Name);
        if (Field(state.Parent))
        {
            state.Parent.Value.WriteTo(_fields.GetSpan(16));
            _fields.Advance(16);
        }

        Term(state.User);
        Term(state.TemplateVersionId);
        Term(state.Runtime);
        Field(state.Input);
        Field(state.Output);
        Field(state.Error);
        Field(state.Params);
        WriteUsage(state.Usage);
        if (Field(state.TimeToFirstToken))
        {
            Number(Varint.ZigZag(state.TimeToFirstToken.Value.Ticks / TimeSpan.TicksPerMicrosecond));
        }

        if (Field(state.IsPublic))
        {
            Number(state.IsPublic.Value ? 1UL : 0);
        }

        if (Field(state.Message))
        {
            Text(state.Message.Value!.Role);
            Number(state.Message.Value.IsRetry ? 1UL : 0);
        }

        Patches(state.Metadata);
        Patches(state.Feedback);
        WriteTags(state.Tags);
        WriteScores(state.Scores);
        WriteCircumstances(state);
        return Assemble();
    }

    private byte[] Assemble()
    {
        var head = new ArrayBufferWriter<byte>((_stamps.Count * 16) + 2);
        head.GetSpan(1)[0] = Version;
        head.Advance(1);
        Varint.Write(head, (ulong)_stamps.Count);
        var first = _stamps.Count == 0 ? 0 : _stamps[0].Time.Micros;
        if (_stamps.Count > 0)
        {
            Varint.Write(head, Varint.ZigZag(first));
        }

        foreach (var stamp in _stamps)
        {
            var span = head.GetSpan(1);
            span[0] = (byte)((int)stamp.Kind | (stamp.Defines ? 0x40 : 0) | (stamp.HasTime ? 0x80 : 0));
            head.Advance(1);
            Varint.Write(head, Varint.ZigZag(stamp.Time.Micros - first));
            BinaryPrimitives.WriteUInt32LittleEndian(head.GetSpan(4), stamp.Hash);
            head.Advance(4);
        }

        return [.. head.WrittenSpan, .. _fields.WrittenSpan];
    }

    private void Number(ulong value) => Varint.Write(_fields, value);

    private void Time(Instant? time, long origin) =>
        Number(time is { } t ? Varint.ZigZag(t.Micros - origin) + 1 : 0);

    private void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        Number((ulong)bytes.Length + 1);
        _fields.Write(bytes);
    }

    private void Json(RawJson json)
    {
        Number((ulong)json.Utf8.Length);
        _fields.Write(json.Span);
    }

    private void Term(Stamped<string> field)
    {
        if (Field(field))
        {
            Number((ulong)term(field.Value));
        }
    }

    private bool Field<T>(Stamped<T> field)
    {
        Number(field.IsSet ? StampNumber(field.Stamp) : 0);
        return field.IsSet;
    }

    private ulong StampNumber(Stamp stamp)
    {
        var at = _stamps.IndexOf(stamp);
        if (at < 0)
        {
            at = _stamps.Count;
            _stamps.Add(stamp);
        }

        return (ulong)at + 1;
    }

    private void WriteUsage(Stamped<Usage> field)
    {
        if (!Field(field))
        {
            return;
        }

        var counts = UsageCounts.Of(field.Value!);
        var given = 0UL;
        for (var i = 0; i < UsageCounts.Number; i++)
        {
            given |= counts[i] is null ? 0 : 1UL << i;
        }

        Number(given);
        foreach (var count in counts)
        {
            if (count is { } c)
            {
                Number(Varint.ZigZag(c));
            }
        }
    }

    private void Patches(JsonPatches patches)
    {
        Number((ulong)patches.Items.Count);
        foreach (var patch in patches.Items)
        {
            Number((StampNumber(patch.Stamp) << 1) | (patch.Replaces ? 1UL : 0));
            Json(patch.Value);
        }
    }

    private void WriteTags(TagPatches tags)
    {
        Number((ulong)tags.Items.Count);
        foreach (var patch in tags.Items)
        {
            Number((StampNumber(patch.Stamp) << 1) | (patch.Replaces ? 1UL : 0));
            Number((ulong)patch.Tags.Count);
            foreach (var tag in patch.Tags)
            {
                Number((ulong)term(tag));
            }
        }
    }

    // The order of the fields, here and in the bits, is part of the stored format: only ever append.
    private void WriteCircumstances(RunState state)
    {
        Stamped<string>[] words = [state.Provider, state.ServedModel, state.Service, state.Environment, state.Release, state.Resource];
        var set = 0UL;
        for (var i = 0; i < words.Length; i++)
        {
            set |= words[i].IsSet ? 1UL << i : 0;
        }

        set |= (state.CallId.IsSet ? 1UL << 6 : 0) | (state.FinishReasons.IsSet ? 1UL << 7 : 0) | (state.GivenCost.IsSet ? 1UL << 8 : 0) |
            (state.IsStructural.IsSet ? 1UL << 9 : 0) | (state.Attributes.IsSet ? 1UL << 10 : 0) | (state.Notes.Items.Count > 0 ? 1UL << 11 : 0) |
            (state.TraceThread.IsSet ? 1UL << 12 : 0);
        Number(set);
        foreach (var word in words)
        {
            if (word.IsSet)
            {
                Term(word);
            }
        }

        if (state.CallId.IsSet && Field(state.CallId))
        {
            Text(state.CallId.Value);
        }

        if (state.FinishReasons.IsSet && Field(state.FinishReasons))
        {
            Number((ulong)state.FinishReasons.Value!.Count);
            foreach (var reason in state.FinishReasons.Value)
            {
                Number((ulong)term(reason));
            }
        }

        if (state.GivenCost.IsSet && Field(state.GivenCost))
        {
            Number(Varint.ZigZag(state.GivenCost.Value));
        }

        if (state.IsStructural.IsSet && Field(state.IsStructural))
        {
            Number(state.IsStructural.Value ? 1UL : 0);
        }

        if (state.Attributes.IsSet)
        {
            Field(state.Attributes);
        }

        if (state.Notes.Items.Count > 0)
        {
            Patches(state.Notes);
        }

        if (state.TraceThread.IsSet && Field(state.TraceThread))
        {
            state.TraceThread.Value.WriteTo(_fields.GetSpan(16));
            _fields.Advance(16);
        }
    }

    private void WriteScores(IReadOnlyDictionary<string, Stamped<Score>> scores)
    {
        Number((ulong)scores.Count);
        foreach (var (label, score) in scores)
        {
            Number(StampNumber(score.Stamp));
            Number((ulong)term(label));
            Json(score.Value!.Value);
            Text(score.Value.Comment);
        }
    }
}
