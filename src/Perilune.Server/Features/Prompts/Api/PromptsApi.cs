using Perilune.Control;
using Perilune.Server.Features.Runs.Api;

namespace Perilune.Server.Features.Prompts.Api;

/// <summary>The JSON API about prompt templates, in the shapes of Lunary's.</summary>
internal static class PromptsApi
{
    public static void MapPromptsApi(this IEndpointRouteBuilder endpoints)
    {
        foreach (var name in (ReadOnlySpan<string>)["template-versions", "template_versions"])
        {
            var versions = endpoints.MapGroup($"/v1/{name}").WithTags("Templates");
            var alias = name.Contains('_', StringComparison.Ordinal) ? "Alias" : "";
            versions.MapGet("/latest", PromptReads.LatestAsync).OpenTo(Access.PublicRead)
                .WithName($"getLiveTemplate{alias}").WithSummary("Get the version of a template to use")
                .WithDescription("By slug, and by label when one is given: production, staging, or any other. Without a label it is the version labelled production, else the newest published one; the label latest is always the newest published one. The project's public key is enough.")
                .Produces<LiveTemplateShape>().Fails(400).Fails(404);
            versions.MapGet("/{id}", PromptReads.GetVersionAsync).OpenTo(Access.Read)
                .WithName($"getTemplateVersion{alias}").WithSummary("Get a version").Produces<TemplateVersionShape>().Fails(404);
            versions.MapPatch("/{id}", PromptWrites.EditVersionAsync).OpenTo(Access.Write)
                .WithName($"updateTemplateVersion{alias}").WithSummary("Change or publish a draft")
                .WithDescription("The content of a published version cannot be changed, because runs refer to it; its notes and test values can.")
                .Takes<TemplateVersionChangeShape>().Produces<TemplateVersionShape>().Fails(404);
        }

        var templates = endpoints.MapGroup("/v1/templates").WithTags("Templates");
        templates.MapGet("", PromptReads.ListAsync).OpenTo(Access.Read)
            .WithName("listTemplates").WithSummary("List templates with their versions").Produces<IReadOnlyList<TemplateShape>>();
        templates.MapGet("/latest", PromptReads.AllLatestAsync).OpenTo(Access.Read)
            .WithName("listLiveTemplates").WithSummary("Get the version to use of every template").Produces<IReadOnlyList<LiveTemplateShape>>();
        templates.MapPost("", PromptWrites.CreateAsync).OpenTo(Access.Write)
            .WithName("createTemplate").WithSummary("Create a template with its first version").Takes<NewTemplateShape>().Produces<TemplateShape>();
        templates.MapGet("/{id}", PromptReads.GetAsync).OpenTo(Access.Read)
            .WithName("getTemplate").WithSummary("Get a template with its versions").Produces<TemplateShape>().Fails(404);
        templates.MapPatch("/{id}", PromptWrites.UpdateAsync).OpenTo(Access.Write)
            .WithName("updateTemplate").WithSummary("Rename a template").Takes<TemplateChangeShape>().Produces<TemplateShape>().Fails(404);
        templates.MapDelete("/{id}", PromptWrites.DeleteAsync).OpenTo(Access.Write)
            .WithName("deleteTemplate").WithSummary("Delete a template and its versions")
            .WithDescription("Cannot be undone. Applications that fetch it fail from then on.").Produces(StatusCodes.Status204NoContent).Fails(404);
        templates.MapPost("/{id}/versions", PromptWrites.AddVersionAsync).OpenTo(Access.Write)
            .WithName("createTemplateVersion").WithSummary("Add a version")
            .WithDescription("Unless it is a draft it is published, and the label production moves to it.")
            .Takes<TemplateVersionChangeShape>().Produces<TemplateVersionShape>().Fails(404);
        templates.MapPut("/{id}/labels/{label}", PromptWrites.LabelAsync).OpenTo(Access.Write)
            .WithName("setTemplateLabel").WithSummary("Point a label at a published version").Takes<LabelShape>().Produces<TemplateVersionShape>().Fails(404);
        templates.MapDelete("/{id}/labels/{label}", PromptWrites.UnlabelAsync).OpenTo(Access.Write)
            .WithName("deleteTemplateLabel").WithSummary("Remove a label").Produces(StatusCodes.Status204NoContent).Fails(404);

        endpoints.MapGet("/api/v1/template", PromptReads.LegacyAsync).AllowAnonymous().ExcludeFromDescription();
    }
}
