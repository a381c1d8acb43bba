using Perilune.Model;
using Perilune.Model.Merging;

namespace Perilune.Storage.Sqlite.State;

/// <summary>A user's props with their stamps, as the metadata of an otherwise empty run state.</summary>
internal static class PropsCodec
{
    public static byte[] Write(JsonPatches props)
    {
        var state = new RunState { Id = RunId.None, FirstReceived = default };
        state.Metadata.AddAll(props);
        return new StateWriter(NoTerms).Write(state);
    }

    public static JsonPatches Read(ReadOnlySpan<byte> encoded) => StateReader.Read(RunId.None, encoded, default, _ => "").Metadata;

    private static long NoTerms(string value) => throw new InvalidOperationException("A user's props hold no terms.");
}
