using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Perilune.Model;
using Perilune.Model.Merging;

namespace Perilune.Storage.Sqlite.State;

/// <summary>The columns that stand beside an encoded state; null members were not loaded or not set.</summary>
internal readonly record struct StatePayloads(object? Input, object? Output, object? Error, object? Params, object? Attributes, RawJson Message);

/// <summary>Decodes what <see cref="StateWriter"/> wrote.</summary>
internal ref struct StateReader
{
    private const byte OldestVersion = 2;
    private readonly Func<long, string> _term;
    private readonly byte _version;
    private readonly Stamp[] _stamps;
    private ReadOnlySpan<byte> _rest;

    private StateReader(ReadOnlySpan<byte> encoded, Func<long, string> term)
    {
        _term = term;
        _rest = encoded[1..];
        _stamps = new Stamp[(int)Varint.Read(ref _rest)];
        _version = encoded[0];
        if (_version is < OldestVersion or > StateWriter.Version)
        {
            throw new InvalidDataException($"A run state of version {_version} cannot be read; this Perilune knows versions {OldestVersion} to {StateWriter.Version}.");
        }

        var first = _stamps.Length == 0 ? 0 : Varint.UnZigZag(Varint.Read(ref _rest));
        for (var i = 0; i < _stamps.Length; i++)
        {
            var flags = _rest[0];
            _rest = _rest[1..];
            var time = first + Varint.UnZigZag(Varint.Read(ref _rest));
            var hash = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
            _rest = _rest[4..];
            _stamps[i] = new Stamp((flags & 0x40) != 0, (flags & 0x80) != 0, new Instant(time), (RunEventKind)(flags & 0x3f), hash);
        }
    }

    /// <summary>Stored payloads may be <see cref="RawJson"/> (read back) or the store's own form (kept as it is).</summary>
    public static RunState Read(RunId id, ReadOnlySpan<byte> encoded, StatePayloads payloads, Func<long, string> term) =>
        new StateReader(encoded, term).Read(id, payloads);

    private RunState Read(RunId id, StatePayloads payloads)
    {
        var origin = Varint.UnZigZag(Number());
        var state = new RunState { Id = id, FirstReceived = new Instant(origin) };
        state.ClientStart = Time(origin);
        state.ClientEnd = Time(origin);
        state.FirstMentioned = Time(origin);
        state.ReceivedEnd = Time(origin);
        state.Exists = Number() == 1;
        state.ClientId = Text();
        if (Field(out var stamp))
        {
            state.Completion = new Stamped<RunStatus>((RunStatus)Number(), stamp);
        }

        state.Type = Term();
        state.Name = Term();
        if (Field(out stamp))
        {
            state.Parent = new Stamped<RunId>(RunId.FromBytes(_rest), stamp);
            _rest = _rest[16..];
        }

        state.User = Term();
        state.TemplateVersionId = Term();
        state.Runtime = Term();
        state.Input = ReadPayload(payloads.Input);
        state.Output = ReadPayload(payloads.Output);
        state.Error = ReadPayload(payloads.Error);
        state.Params = ReadPayload(payloads.Params);
        if (Field(out stamp))
        {
            state.Usage = new Stamped<Usage>(ReadUsage(), stamp);
        }

        if (Field(out stamp))
        {
            state.TimeToFirstToken = new Stamped<TimeSpan>(TimeSpan.FromMicroseconds(Varint.UnZigZag(Number())), stamp);
        }

        if (Field(out stamp))
        {
            state.IsPublic = new Stamped<bool>(Number() == 1, stamp);
        }

        if (Field(out stamp))
        {
            state.Message = new Stamped<ChatMessage>(new ChatMessage(Text()!, payloads.Message, Number() == 1), stamp);
        }

        ReadPatches(state.Metadata);
        ReadPatches(state.Feedback);
        ReadTags(state.Tags);
        ReadScores(state);
        if (_version >= 3)
        {
            ReadCircumstances(state, payloads.Attributes);
        }

        return state;
    }

    private void ReadCircumstances(RunState state, object? attributes)
    {
        var set = Number();
        state.Provider = Word(set, 0);
        state.ServedModel = Word(set, 1);
        state.Service = Word(set, 2);
        state.Environment = Word(set, 3);
        state.Release = Word(set, 4);
        state.Resource = Word(set, 5);
        state.CallId = Has(set, 6) && Field(out var stamp) ? new Stamped<string>(Text()!, stamp) : default;
        if (Has(set, 7) && Field(out stamp))
        {
            var reasons = new string[(int)Number()];
            for (var i = 0; i < reasons.Length; i++)
            {
                reasons[i] = _term((long)Number());
            }

            state.FinishReasons = new Stamped<IReadOnlyList<string>>(reasons, stamp);
        }

        state.GivenCost = Has(set, 8) && Field(out stamp) ? new Stamped<long>(Varint.UnZigZag(Number()), stamp) : default;
        state.IsStructural = Has(set, 9) && Field(out stamp) ? new Stamped<bool>(Number() == 1, stamp) : default;
        state.Attributes = Has(set, 10) ? ReadPayload(attributes) : default;
        if (Has(set, 11))
        {
            ReadPatches(state.Notes);
        }

        if (Has(set, 12) && Field(out stamp))
        {
            state.TraceThread = new Stamped<RunId>(RunId.FromBytes(_rest), stamp);
            _rest = _rest[16..];
        }
    }

    private static bool Has(ulong set, int field) => (set & (1UL << field)) != 0;

    private Stamped<string> Word(ulong set, int field) => Has(set, field) ? Term() : default;

    private ulong Number() => Varint.Read(ref _rest);

    private Instant? Time(long origin) =>
        Number() is var n and not 0 ? new Instant(origin + Varint.UnZigZag(n - 1)) : null;

    private Usage ReadUsage()
    {
        var counts = default(UsageCounts);
        for (var given = Number(); given != 0; given &= given - 1)
        {
            counts[BitOperations.TrailingZeroCount(given)] = Varint.UnZigZag(Number());
        }

        return counts.ToUsage();
    }

    private string? Text()
    {
        var length = (int)Number() - 1;
        if (length < 0)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return text;
    }

    private RawJson Json()
    {
        var length = (int)Number();
        var json = new RawJson(_rest[..length].ToArray());
        _rest = _rest[length..];
        return json;
    }

    private bool Field(out Stamp stamp)
    {
        var number = (int)Number();
        stamp = number == 0 ? default : _stamps[number - 1];
        return number != 0;
    }

    private Stamped<string> Term() => Field(out var stamp) ? new Stamped<string>(_term((long)Number()), stamp) : default;

    private Stamped<Payload> ReadPayload(object? stored) => Field(out var stamp)
        ? new Stamped<Payload>(stored is RawJson json ? new Payload(json, null) : new Payload(default, stored), stamp)
        : default;

    private void ReadPatches(JsonPatches patches)
    {
        for (var count = Number(); count > 0; count--)
        {
            var head = Number();
            patches.Add(new JsonPatch(_stamps[(int)(head >> 1) - 1], Json(), (head & 1) == 1));
        }
    }

    private void ReadTags(TagPatches tags)
    {
        for (var count = Number(); count > 0; count--)
        {
            var head = Number();
            var list = new string[(int)Number()];
            for (var i = 0; i < list.Length; i++)
            {
                list[i] = _term((long)Number());
            }

            tags.Add(new TagPatch(_stamps[(int)(head >> 1) - 1], list, (head & 1) == 1));
        }
    }

    private void ReadScores(RunState state)
    {
        for (var count = Number(); count > 0; count--)
        {
            var stamp = _stamps[(int)Number() - 1];
            var label = _term((long)Number());
            state.SetScore(label, new Stamped<Score>(new Score(label, Json(), Text()), stamp));
        }
    }
}
