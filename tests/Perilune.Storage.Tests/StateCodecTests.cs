using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage.Tests;

public sealed class StateCodecTests
{
    private readonly List<string> _terms = [];

    [Fact]
    public void Reads_what_the_version_before_wrote()
    {
        var state = new RunState { Id = RunId.FromClient("a") };
        state.Apply(new RunEvent
        {
            Kind = RunEventKind.End, Id = state.Id, ReceivedAt = new Instant(5), ContentHash = 1, Type = "llm", Name = "gpt-5", Usage = new Usage(3, 4), Tags = ["t"],
        });

        // Version 2 is version 3 without what stands at its end: here a single zero.
        var encoded = Write(state);
        Assert.Equal((3, 0), (encoded[0], encoded[^1]));
        encoded[0] = 2;
        var read = StateReader.Read(state.Id, encoded.AsSpan()[..^1], default, term => _terms[(int)term]);

        Assert.Equal(("llm", "gpt-5", new Usage(3, 4)), (read.Type.Value, read.Name.Value, read.Usage.Value));
        Assert.Equal(encoded[1..], Write(read)[1..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Refuses_versions_it_does_not_know(byte version)
    {
        var encoded = Write(new RunState { Id = RunId.None });
        encoded[0] = version;
        var refused = Assert.Throws<InvalidDataException>(() => StateReader.Read(RunId.None, encoded, default, term => _terms[(int)term]));
        Assert.Contains($"version {version} cannot be read", refused.Message, StringComparison.Ordinal);
    }

    private byte[] Write(RunState state) => new StateWriter(Term).Write(state);

    private long Term(string value)
    {
        var at = _terms.IndexOf(value);
        if (at < 0)
        {
            at = _terms.Count;
            _terms.Add(value);
        }

        return at;
    }
}
