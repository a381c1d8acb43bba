using System.Runtime.InteropServices;
using Perilune.Model.Merging;

namespace Perilune.Model.Tests.Merging;

public sealed class RunStateTests
{
    [Fact]
    public void What_a_state_keeps_of_a_request_is_not_the_whole_request()
    {
        var request = new byte[20_000];
        """{"tier":"pro"}"""u8.CopyTo(request.AsSpan(500));
        var part = new RawJson(request.AsMemory(500, 14));
        var state = new RunState { Id = RunId.FromClient("run") };
        state.Apply(new RunEvent { Kind = RunEventKind.Start, Id = state.Id, ReceivedAt = default, ContentHash = 1, Metadata = part, Feedback = part, Notes = part });

        foreach (var kept in new[] { state.Metadata, state.Feedback, state.Notes })
        {
            Assert.Equal(part, kept.Merged);
            Assert.True(MemoryMarshal.TryGetArray(kept.Merged.Utf8, out var array) && array.Array!.Length == part.Utf8.Length);
        }
    }
}
