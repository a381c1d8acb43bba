using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Perilune.Control;

namespace Perilune.Server.Tests;

/// <summary>Calls every endpoint as everybody, and compares who gets in with who should.</summary>
public sealed partial class AccessWalk(RunningProgram program)
{
    /// <summary>Who gets in, by policy. What is not listed must be refused.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        [Access.Ingest] = ["public key", "private key"],
        [Access.PublicRead] = ["public key", "private key", "viewer", "member", "admin", "owner"],
        [Access.Read] = ["private key", "viewer", "member", "admin", "owner"],
        [Access.Write] = ["private key", "member", "admin", "owner"],
        [Access.Manage] = ["admin", "owner"],
        [Access.SignedIn] = ["stranger", "viewer", "member", "admin", "owner"],
    };

    [Fact]
    public async Task Everybody_gets_in_where_allowed_and_nowhere_else()
    {
        var cancel = TestContext.Current.CancellationToken;
        var callers = await CallersAsync(cancel);
        List<string> wrong = [];
        foreach (var endpoint in program.Endpoints)
        {
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                continue;
            }

            var policy = endpoint.Metadata.GetMetadata<IAuthorizeData>()!.Policy!;
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (var (caller, header) in callers)
                {
                    // A key opens no page, whatever the page's policy.
                    var path = Address(endpoint);
                    var expected = s_allowed[policy].Contains(caller, StringComparer.Ordinal) &&
                        (header?.Name != "Authorization" || ProgramPaths.Contains(path.Split('?')[0]));
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    if (header is { } given)
                    {
                        request.Headers.TryAddWithoutValidation(given.Name, given.Value);
                    }

                    using var response = await program.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
                    if (await IsRefusedAsync(response, cancel) == expected)
                    {
                        wrong.Add($"{method} {path} as {caller}: {(int)response.StatusCode}, but {(expected ? "may" : "may not")} by policy '{policy}'");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    private async Task<List<(string Caller, (string Name, string Value)? Header)>> CallersAsync(CancellationToken cancel)
    {
        var services = program.Services;
        var keys = services.GetRequiredService<ApiKeys>();
        var revoked = (await keys.CreateAsync(RunningProgram.PublicKey, KeyKind.Private, "Revoked", cancel)).Value!;
        await keys.RevokeAsync(RunningProgram.PublicKey, revoked.Key.Id, cancel);
        var other = await program.CreateOtherProjectAsync(cancel);

        List<(string, (string, string)?)> callers =
        [
            ("nobody", null),
            ("no UUID", Key("hello")),
            ("unknown key", Key("00000000-0000-4000-8000-000000000000")),
            ("revoked key", Key(revoked.Secret.ToString())),
            ("other project's public key", Key(other.PublicKey.ToString())),
            ("other project's private key", Key(other.PrivateKey.ToString())),
            ("public key", Key(RunningProgram.PublicKey.ToString())),
            ("private key", Key(RunningProgram.PrivateKey.ToString())),
            ("forged cookie", ("Cookie", "perilune.session=CfDJ8AAAAAA")),
            ("stranger", ("Cookie", await program.SignInNewAccountAsync(null, cancel))),
        ];
        foreach (var role in Enum.GetValues<Role>())
        {
            callers.Add((role.ToString().ToLowerInvariant(), ("Cookie", await program.SignInNewAccountAsync(role, cancel))));
        }

        return callers;

        static (string, string)? Key(string key) => ("Authorization", $"Bearer {key}");
    }

    /// <summary>The endpoint's address, about the configured project.</summary>
    private static string Address(RouteEndpoint endpoint)
    {
        var path = ParameterPattern().Replace("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), match =>
            match.Groups["name"].Value is "projectId" ? RunningProgram.PublicKey.ToString() : Guid.CreateVersion7().ToString());
        return $"{path}?projectId={RunningProgram.PublicKey}";
    }

    private static async Task<bool> IsRefusedAsync(HttpResponseMessage response, CancellationToken cancel) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => true,
        HttpStatusCode.Found => response.Headers.Location?.OriginalString.StartsWith("/login", StringComparison.Ordinal) is true,
        HttpStatusCode.NotFound => (await response.Content.ReadAsStringAsync(cancel)).Contains("None of your organizations has a project", StringComparison.Ordinal),
        _ => false,
    };

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterPattern();
}
