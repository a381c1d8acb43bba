using System.Globalization;
using System.Text.Json;
using Perilune.Control;
using Perilune.Model.Filtering;

namespace Perilune.Server.Features.Runs.Api;

/// <summary>Saved views, in Lunary's shape and with the filter as text beside its logic.</summary>
internal static class ViewsApi
{
    public static void MapViewsApi(this IEndpointRouteBuilder endpoints)
    {
        var views = endpoints.MapGroup("/v1/views").WithTags("Views");
        views.MapGet("", ListAsync).OpenTo(Access.Read).WithName("listViews").WithSummary("List saved views").Produces<IReadOnlyList<ViewShape>>();
        views.MapPost("", CreateAsync).OpenTo(Access.Write).WithName("createView").WithSummary("Save a view")
            .WithDescription("A name means one view: saving it again replaces it.").Takes<ViewChangeShape>().Produces<ViewShape>();
        views.MapGet("/{id}", GetAsync).OpenTo(Access.Read).WithName("getView").WithSummary("Get a view").Produces<ViewShape>().Fails(404);
        views.MapPatch("/{id}", UpdateAsync).OpenTo(Access.Write).WithName("updateView").WithSummary("Change a view").Takes<ViewChangeShape>().Produces<ViewShape>().Fails(404);
        views.MapDelete("/{id}", DeleteAsync).OpenTo(Access.Write).WithName("deleteView").WithSummary("Delete a view").Produces(StatusCodes.Status204NoContent).Fails(404);
    }

    private static IResult NotFound => ApiError.Of(StatusCodes.Status404NotFound, "View not found");

    private static async Task<IResult> ListAsync(HttpContext context, Views views, CancellationToken cancellationToken)
    {
        var project = context.ProjectId();
        return TypedResults.Ok((await views.ListAsync(project, cancellationToken)).Select(view => Shape(project, view)).ToList());
    }

    private static async Task<IResult> GetAsync(HttpContext context, Views views, string id, CancellationToken cancellationToken) =>
        Id(id) is { } number && await views.FindAsync(context.ProjectId(), number, cancellationToken) is { } view ? TypedResults.Ok(Shape(context.ProjectId(), view)) : NotFound;

    private static Task<IResult> CreateAsync(HttpContext context, Views views, CancellationToken cancellationToken) =>
        WithTextAsync(context, async text => Answer(context, await views.SaveAsync(context.ProjectId(), text with { Scope = text.Scope ?? "llm", Query = text.Query ?? "" }, cancellationToken)), cancellationToken);

    private static Task<IResult> UpdateAsync(HttpContext context, Views views, string id, CancellationToken cancellationToken) =>
        WithTextAsync(context, async text => Id(id) is { } number && await views.FindAsync(context.ProjectId(), number, cancellationToken) is not null
            ? Answer(context, await views.UpdateAsync(context.ProjectId(), number, text, cancellationToken))
            : NotFound, cancellationToken);

    private static async Task<IResult> DeleteAsync(HttpContext context, Views views, string id, CancellationToken cancellationToken) =>
        Id(id) is { } number && (await views.DeleteAsync(context.ProjectId(), number, cancellationToken)).Succeeded ? TypedResults.NoContent() : NotFound;

    private static async Task<IResult> WithTextAsync(HttpContext context, Func<ViewText, Task<IResult>> act, CancellationToken cancellationToken)
    {
        var (body, failure) = await JsonBody.ReadAsync(context.Request, cancellationToken);
        try
        {
            return body is null ? failure! : await act(Read(body));
        }
        catch (JsonBodyException e)
        {
            return e.Answer;
        }
    }

    private static ViewText Read(JsonBody body)
    {
        var scope = body.Text("type") switch
        {
            null => null,
            "trace" or "traces" => "traces",
            "thread" or "threads" => "threads",
            "all" => "all",
            "llm" => "llm",
            var other => throw new JsonBodyException("type", $"\"{other}\" is not known. Send llm, trace, thread or all."),
        };
        return new ViewText(body.Text("name"), scope, Query(body), null, body.Raw("data"), body.Text("icon"));
    }

    private static string? Query(JsonBody body)
    {
        if (body.Text("query") is { } text)
        {
            var parsed = FilterParser.Parse(text, default);
            return parsed.IsValid ? text : throw new JsonBodyException("query", parsed.Errors[0].ToString());
        }

        if (!body.Has("data"))
        {
            return null;
        }

        try
        {
            return FilterText.Print(LunaryLogic.Read(body.Root.GetProperty("data")));
        }
        catch (FormatException e)
        {
            throw new JsonBodyException("data", e.Message);
        }
    }

    private static IResult Answer(HttpContext context, Outcome<View> outcome) =>
        outcome.Succeeded ? TypedResults.Ok(Shape(context.ProjectId(), outcome.Value)) : ApiError.Of(StatusCodes.Status422UnprocessableEntity, outcome.Error);

    private static long? Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static ViewShape Shape(Guid project, View view) => new()
    {
        Id = view.Id.ToString(CultureInfo.InvariantCulture),
        ProjectId = project,
        Name = view.Name,
        Type = view.Scope switch { "traces" => "trace", "threads" => "thread", var same => same },
        Query = view.Query,
        Data = System.Text.Json.Nodes.JsonNode.Parse(view.Data ?? "[\"AND\"]")!,
        Icon = view.Icon,
        UpdatedAt = view.Updated,
    };
}
