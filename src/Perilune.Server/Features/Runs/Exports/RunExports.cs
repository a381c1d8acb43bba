using Perilune.Model.Filtering;
using Perilune.Server.Features.Runs.Api;
using Perilune.Storage;

namespace Perilune.Server.Features.Runs;

/// <summary>What runs can be exported as. The names are Lunary's.</summary>
internal static class RunExports
{
    public static readonly IReadOnlyList<(string Format, string Label, string Hint)> Formats =
        [("csv", "CSV", "for spreadsheets"), ("jsonl", "JSON lines", "everything"), ("ojsonl", "Chat JSON lines", "for fine-tuning")];

    /// <summary>The export of exactly these runs, or the answer that says why there is none.</summary>
    public static IResult Of(string? format, Guid project, RunQuery query, IRunStore store, RunReferences references, TimeProvider time)
    {
        RunLines? lines = format switch
        {
            "csv" => new CsvLines(),
            "jsonl" => new JsonLines(project, store, query.Scope is RunScope.Traces or RunScope.Threads),
            "ojsonl" => new ChatLines(),
            _ => null,
        };
        if (lines is null)
        {
            return ApiError.BadRequest("exportFormat", $"\"{format}\" is not known. Use csv, jsonl or ojsonl.");
        }

        if (lines is ChatLines)
        {
            if (query.Scope is RunScope.Traces or RunScope.Threads)
            {
                return ApiError.BadRequest("exportFormat", "ojsonl holds conversations of LLM calls. Export with type=llm, or choose csv or jsonl.");
            }

            query = query with { Scope = RunScope.Llm };
        }

        var name = FormattableString.Invariant($"perilune-{query.Scope.ToString().ToLowerInvariant()}-{time.GetUtcNow():yyyy-MM-dd}.{(format == "csv" ? "csv" : "jsonl")}");
        return new RunExportResult(project, query, store, references, lines, name);
    }
}
