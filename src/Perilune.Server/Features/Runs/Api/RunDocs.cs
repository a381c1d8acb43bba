using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>What the OpenAPI document says beyond the shapes.</summary>
internal sealed record RunDocs(string Description, params IReadOnlyList<OpenApiParameter> Parameters)
{
    private const string FilterHelp = """
        Which runs: `type:llm model:gpt-5* cost>0.05 user:u_42 meta.tier:pro -tag:beta "exact words"`. Terms must all match;
        `OR`, `NOT` or `-`, parentheses, `a,b` for any of several values and `*` are understood. Fields: type, name, model, agent,
        tool, status, user, prop.* (of the user), tag, meta.*, feedback.*, score.*, runtime, template, start, duration, cost, tokens, input_tokens,
        output_tokens, thread, trace, parent, id, error, has.
        """;

    private static readonly OpenApiParameter[] Match =
    [
        Query("type", "`llm`, `trace` (topmost runs), `thread`, or any other run type.", JsonSchemaType.String),
        Query("filter", FilterHelp.ReplaceLineEndings(" "), JsonSchemaType.String, example: "type:llm cost>0.05"),
        Query("parentRunId", "Only runs directly below this one, by any form of its id.", JsonSchemaType.String),
    ];

    public static readonly RunDocs List = new(
        "Newest first unless sorted otherwise. Lunary's filter parameters (models, tags, users, status, feedback, metadata, date, duration, cost, tokens, search…) are understood too. Follow `cursor` to read everything: unlike `page`, it neither skips nor repeats runs while new ones arrive.",
        [
            .. Match,
            Query("limit", "Runs per page, 1 to 1000.", JsonSchemaType.Integer, example: 50),
            Query("page", "Counted from 0.", JsonSchemaType.Integer),
            Query("cursor", "The `cursor` of the page before.", JsonSchemaType.String),
            Query("total", "`false` leaves the `total` out, which for a filter can take longer than the page itself.", JsonSchemaType.String),
            Query("detail", "`preview` cuts the input of LLM calls down to its last message. `full`, the default, gives every payload byte for byte.", JsonSchemaType.String),
            Query("sortField", "`createdAt`, `duration`, `tokens` or `cost`.", JsonSchemaType.String, example: "createdAt"),
            Query("sortDirection", "`desc` or `asc`.", JsonSchemaType.String, example: "desc"),
        ]);

    public static readonly RunDocs Count = new("The exact number of runs that match, with the same filters as the list.", Match);

    public static readonly RunDocs Export = new(
        "Streams all runs that match, with the same filters and order as the list. In csv, payloads are JSON and texts that a spreadsheet would run as a formula begin with an apostrophe. In jsonl, a line is a run as the API gives it; with type=trace or type=thread it is the run and all runs below it. In ojsonl, a line is the conversation of an LLM call.",
        [.. Match, Query("exportFormat", "`csv`, `jsonl` or `ojsonl`.", JsonSchemaType.String, example: "jsonl")]);

    public static readonly RunDocs ExportToken = new("The token stands in the path of the export's address instead of a key, and works for ten minutes.");

    public static readonly RunDocs Neighbors = new("In the list that the same filters and order would give. Null at its ends.", Match);

    public static readonly RunDocs Get = new("The id may be Perilune's, or the one that the client chose for the run or for a message of a chat.");

    public static readonly RunDocs Related = new("The run and all that is below it, flat, by start time.");

    public static readonly RunDocs Public = new(
        "Needs no key. Runs are private until their visibility is changed.",
        [Query("projectId", "The project's id, which is its public key.", JsonSchemaType.String)]);

    public static readonly RunDocs GetFeedback = new("Null when there is none. The project's public key is enough.");

    public static readonly RunDocs PatchFeedback = new("Merges the given keys into the run's feedback. The body null removes all of it.");

    public static readonly RunDocs PatchScore = new("Sets the score with this label.");

    public static readonly RunDocs PatchTags = new("The run has these tags and no others afterwards; null removes all.");

    public static readonly RunDocs PatchVisibility = new("A public run can be read by anyone who knows its id and its project's.");

    public static readonly RunDocs Delete = new("Cannot be undone. Events that still arrive for deleted runs are refused.");

    private static OpenApiParameter Query(string name, string description, JsonSchemaType type, JsonNode? example = null) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = description,
        Schema = new OpenApiSchema { Type = type },
        Example = example,
    };
}

internal static class RunDocsExtensions
{
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, RunDocs docs) => route
        .WithDescription(docs.Description)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach (var known in operation.Parameters.OfType<OpenApiParameter>())
            {
                if (known is { Name: "id" })
                {
                    known.Description = "A UUID, or the string that the client used.";
                }
                else if (known is { Name: "exact" })
                {
                    known.Description = "Take the id as it is, without trying the form in which Lunary's Python SDK hashes ids.";
                    known.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean };
                }
            }

            foreach (var parameter in docs.Parameters)
            {
                var inferred = operation.Parameters.FirstOrDefault(other => string.Equals(other.Name, parameter.Name, StringComparison.Ordinal));
                if (inferred is not null)
                {
                    operation.Parameters.Remove(inferred);
                }

                operation.Parameters.Add(parameter);
            }

            return Task.CompletedTask;
        });
}
