using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Perilune.Server.Features.Docs;

/// <summary>The OpenAPI document of <c>/v1</c> and the page that shows it.</summary>
internal static class ApiDocs
{
    private const string DocumentPath = "/openapi/{documentName}.json";

    private const string ShapeSuffix = "Shape";

    public static IServiceCollection AddApiDocs(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(static json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict)
        .AddOpenApi("v1", Describe);

    private static void Describe(OpenApiOptions options)
    {
        options.ShouldInclude = static api => api.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) is true;
        options.CreateSchemaReferenceId = static type =>
            type.Type == typeof(JsonNode) ? null
            : type.Type.Name.EndsWith(ShapeSuffix, StringComparison.Ordinal) ? type.Type.Name[..^ShapeSuffix.Length]
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            operation.Security = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any() ? [] : null;
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Perilune API",
                Version = "v1",
                Description = "Send runs and read them. Works with Lunary's SDKs. Send a project's key as `Authorization: Bearer <key>` or `X-API-Key: <key>`: the public key may send events, the private key may do everything. Errors carry a `message` that says what to change.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The project's public or private key." },
                ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "The same key." },
            };
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            ];
            return Task.CompletedTask;
        });
    }

    public static void MapApiDocs(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi(DocumentPath).AllowAnonymous();
        endpoints.MapScalarApiReference("/docs", static (options, context) =>
        {
            // The page starts itself from a script within it; the nonce lets that one run and no other. It builds its
            // styles as it goes, which no nonce covers.
            var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
            context.Response.Headers.ContentSecurityPolicy =
                $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
            options
                .WithTitle("Perilune API")
                .WithOpenApiRoutePattern(DocumentPath)
                .WithNonce(nonce)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideDeveloperTools()
                .HideClientButton();
        }).AllowAnonymous();
    }
}
