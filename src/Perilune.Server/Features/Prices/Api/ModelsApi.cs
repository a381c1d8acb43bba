using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Perilune.Control;
using Perilune.Model;
using Perilune.Model.Pricing;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Prices.Api;

/// <summary>What models are taken to cost, in Lunary's shape: the project's own prices, which can be changed, and the bundled ones.</summary>
internal static class ModelsApi
{
    private const string IdPrefix = "project:";
    private const string Change = "Only calls that are stored from then on have another cost: those that are there are priced anew in the dashboard, with a preview.";

    public static void MapModelsApi(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/v1/models").WithTags("Models");
        models.MapGet("", List).OpenTo(Access.Read)
            .WithName("listModels").WithSummary("List the prices that calls are charged by")
            .WithDescription("First the project's own, by name; then those of the book that comes with Perilune, as they are today.")
            .Produces<IReadOnlyList<ModelShape>>();
        models.MapPost("", CreateAsync).OpenTo(Access.Write)
            .WithName("createModel").WithSummary("Add a price of the project's own")
            .WithDescription("It goes before the bundled ones. " + Change).Takes<ModelInputShape>().Produces<ModelShape>();
        models.MapPatch("/{id}", UpdateAsync).OpenTo(Access.Write)
            .WithName("updateModel").WithSummary("Change a price of the project's own")
            .WithDescription("What is not sent stays; null takes an optional member away. " + Change).Takes<ModelInputShape>().Produces<ModelShape>().Fails(404);
        models.MapDelete("/{id}", DeleteAsync).OpenTo(Access.Write)
            .WithName("deleteModel").WithSummary("Delete a price of the project's own").WithDescription(Change)
            .Produces(StatusCodes.Status204NoContent).Fails(404);
    }

    private static IResult NotFound => ApiError.Of(
        StatusCodes.Status404NotFound, "Model not found: only the project's own prices can be changed. POST /v1/models adds one that goes before a bundled one.");

    private static Ok<List<ModelShape>> List(HttpContext context, ProjectPriceList prices, TimeProvider time) => TypedResults.Ok(
        prices.List(context.ProjectId()).Select(ModelShape.Of).Concat(PriceBook.Default.List(Instant.From(time.GetUtcNow())).Select(ModelShape.Of)).ToList());

    private static Task<IResult> CreateAsync(HttpContext context, ProjectPriceList prices, CancellationToken cancellationToken) => WithBodyAsync(
        context,
        async body => Answer(await prices.AddAsync(context.ProjectId(), Read(body, before: null), cancellationToken)),
        cancellationToken);

    private static Task<IResult> UpdateAsync(HttpContext context, ProjectPriceList prices, string id, CancellationToken cancellationToken) => WithBodyAsync(
        context,
        async body => prices.Find(context.ProjectId(), Id(id)) is { } before
            ? Answer(await prices.ChangeAsync(context.ProjectId(), before.Id, Read(body, before), cancellationToken))
            : NotFound,
        cancellationToken);

    private static async Task<IResult> DeleteAsync(HttpContext context, ProjectPriceList prices, string id, CancellationToken cancellationToken) =>
        (await prices.DeleteAsync(context.ProjectId(), Id(id), cancellationToken)).Succeeded ? TypedResults.NoContent() : NotFound;

    private static async Task<IResult> WithBodyAsync(HttpContext context, Func<JsonBody, Task<IResult>> act, CancellationToken cancellationToken)
    {
        var (body, failure) = await JsonBody.ReadAsync(context.Request, cancellationToken);
        try
        {
            return body is null ? failure! : await act(body);
        }
        catch (JsonBodyException e)
        {
            return e.Answer;
        }
    }

    private static PriceTerms Read(JsonBody body, ProjectPrice? before)
    {
        if (body.Text("unit") is not (null or "TOKENS"))
        {
            throw new JsonBodyException("unit", "Send TOKENS: nothing else is counted.");
        }

        var pattern = body.Text("pattern") ?? before?.Pattern ?? throw new JsonBodyException("pattern", "Send which models it is for: a regular expression, or with \"match\" a name or a name with *.");
        var match = body.Text("match") switch
        {
            null => before?.Match ?? PriceMatch.Regex,
            "regex" => PriceMatch.Regex,
            "wildcard" => PriceMatch.Wildcard,
            "exact" => PriceMatch.Exact,
            var other => throw new JsonBodyException("match", $"\"{other}\" is not known. Send regex, wildcard or exact."),
        };
        var rates = before?.Rates;
        return new PriceTerms(
            pattern,
            match,
            Sent(body, "provider") ? body.Text("provider") : before?.Provider,
            Sent(body, "startDate") ? Time(body) : before?.From,
            new ProjectRates(
                body.Number("inputCost") ?? rates?.Input ?? throw new JsonBodyException("inputCost", "Send a number of USD for a million tokens."),
                body.Number("outputCost") ?? rates?.Output ?? throw new JsonBodyException("outputCost", "Send a number of USD for a million tokens."))
            {
                CacheRead = Rate("cachedInputCost", rates?.CacheRead),
                CacheWrite = Rate("cacheWriteCost", rates?.CacheWrite),
                CacheWrite1h = Rate("cacheWrite1hCost", rates?.CacheWrite1h),
                Reasoning = Rate("reasoningCost", rates?.Reasoning),
                InputAudio = Rate("inputAudioCost", rates?.InputAudio),
                OutputAudio = Rate("outputAudioCost", rates?.OutputAudio),
            },
            body.Text("name") ?? before?.Name);

        decimal? Rate(string member, decimal? kept) => Sent(body, member) ? body.Number(member) : kept;
    }

    private static bool Sent(JsonBody body, string member) => body.Root.TryGetProperty(member, out _);

    private static Instant? Time(JsonBody body) => body.Text("startDate") is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Instant.From(time)
        : throw new JsonBodyException("startDate", "Send a time such as 2026-11-01T00:00:00Z.");

    private static long Id(string text) =>
        long.TryParse(text.StartsWith(IdPrefix, StringComparison.Ordinal) ? text.AsSpan(IdPrefix.Length) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static IResult Answer(Outcome<ProjectPrice> outcome) =>
        outcome.Succeeded ? TypedResults.Ok(ModelShape.Of(outcome.Value)) : ApiError.Of(StatusCodes.Status422UnprocessableEntity, outcome.Error);
}
