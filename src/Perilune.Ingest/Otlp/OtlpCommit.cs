using Microsoft.AspNetCore.Http;
using Perilune.Control;
using Perilune.Model;
using Perilune.Storage;

namespace Perilune.Ingest.Otlp;

/// <summary>Stores what a request brings, and enters it into the accept ledger; the same for HTTP and gRPC.</summary>
internal sealed class OtlpCommit(IRunStore store, ClaudeCodeUsage usage, TimeProvider clock)
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
        else if (batch.Metrics.Count > 0)
        {
            await usage.CommitAsync(context.ProjectId(), batch, Arrivals.Of(context, now, null, []));
        }
        else if (batch.Events.Count > 0 || batch.Refused.Count > 0)
        {
            // Spans tell of runs that may be finished; log records add to runs, and agents that tell by them alone end anew with each.
            var grant = context.ProjectGrant();
            var events = signal is OtlpSignal.Traces && grant.Key is KeyKind.Public ? batch.Events.ConvertAll(e => e with { ByPublicKey = true }) : batch.Events;

            // Exporters give up waiting and send again; what is here counts all the same.
            var refusals = await store.CommitAsync(grant.ProjectId, events, Arrivals.Of(context, now, null, batch.Refused), CancellationToken.None);
            batch.AddRefusals(refusals);
            await usage.SettleAsync(grant.ProjectId, batch.SessionsWithCalls);
        }

        return batch;
    }

    /// <summary>Enters a request into the ledger of which nothing can be stored. One that is to be sent again is not refused.</summary>
    /// <exception cref="StoreUnavailableException">The ledger cannot be written to now.</exception>
    public Task RefuseRequestAsync(HttpContext context, int status, string problem) => status == StatusCodes.Status503ServiceUnavailable
        ? Task.CompletedTask
        : store.CommitAsync(context.ProjectId(), [], Arrivals.Of(context, Instant.From(clock.GetUtcNow()), null, [Arrivals.RefusedRequest(problem)]), CancellationToken.None);
}
