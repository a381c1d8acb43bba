using Microsoft.AspNetCore.Http;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Otlp;

/// <summary>Stores what a request brings, and enters it into the accept ledger; the same for HTTP and gRPC.</summary>
internal sealed class OtlpCommit(IRunStore store, TimeProvider clock)
{
    /// <summary>Reads the body and commits it. The batch says what is wrong where nothing could be read of it.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored, and it has to be sent again.</exception>
    public async Task<OtlpBatch> RunAsync(HttpContext context, OtlpSignal signal, ReadOnlyMemory<byte> body, bool isJson)
    {
        var now = Instant.From(clock.GetUtcNow());
        var batch = OtlpBatch.Read(signal, body, isJson, now);
        if (batch.Malformed is not null)
        {
            await RefuseRequestAsync(context, StatusCodes.Status400BadRequest, batch.Malformed);
        }
        else if (batch.Events.Count > 0 || batch.Refused.Count > 0)
        {
            // Exporters give up waiting and send again; what is here counts all the same.
            await store.CommitAsync(context.ProjectId(), batch.Events, Arrivals.Of(context, now, null, batch.Refused), CancellationToken.None);
        }

        return batch;
    }

    /// <summary>Enters a request into the ledger of which nothing can be stored. One that is to be sent again is not refused.</summary>
    /// <exception cref="StoreUnavailableException">The ledger cannot be written to now.</exception>
    public Task RefuseRequestAsync(HttpContext context, int status, string problem) => status == StatusCodes.Status503ServiceUnavailable
        ? Task.CompletedTask
        : store.CommitAsync(context.ProjectId(), [], Arrivals.Of(context, Instant.From(clock.GetUtcNow()), null, [Arrivals.RefusedRequest(problem)]), CancellationToken.None);
}
