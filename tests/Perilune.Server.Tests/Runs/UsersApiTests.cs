using System.Net;
using Perilune.Model;

namespace Perilune.Server.Tests.Runs;

public sealed class UsersApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_are_listed_with_what_they_used_found_and_erased()
    {
        await using var host = await ApiHost.StartAsync();
        await host.CommitAsync(
            By("ada", "a1", 0, """{"name":"Ada","organizationId":"north"}"""),
            Events.End("a1", 2) with { Usage = new Usage(1_000_000, 0) },
            By("bo", "b1", 100, """{"plan":"pro"}"""),
            By("bo", "b2", 200, null));

        var all = await host.Client.GetFromJsonNodeAsync("/v1/external-users?sortField=cost", Cancellation);
        Assert.Equal((2, "ada"), ((int)all["total"]!, (string?)all["data"]![0]!["externalId"]));
        Assert.Equal(2m, (decimal)all["data"]![0]!["cost"]!);
        Assert.Equal(2, (int)all["data"]![1]!["runs"]!);
        Assert.Equal("bo", (string?)(await host.Client.GetFromJsonNodeAsync("/v1/external-users?sortField=lastSeen&limit=1", Cancellation))["data"]![0]!["id"]);
        Assert.Equal("ada", (string?)(await host.Client.GetFromJsonNodeAsync("/v1/external-users?search=NORTH", Cancellation))["data"]![0]!["id"]);
        Assert.Equal(1, (int)(await host.Client.GetFromJsonNodeAsync("/v1/external-users?startDate=2025-01-02T12:01:00Z", Cancellation))["total"]!);
        Assert.Equal("""["name","organizationId","plan"]""", (await host.Client.GetFromJsonNodeAsync("/v1/external-users/props/keys", Cancellation)).ToJsonString());
        Assert.Equal("""["pro"]""", (await host.Client.GetFromJsonNodeAsync("/v1/filters/user-props/values?key=plan", Cancellation)).ToJsonString());
        Assert.Equal("Ada", (string?)(await host.Client.GetFromJsonNodeAsync("/v1/external-users/ada", Cancellation))["props"]!["name"]);

        using var erased = await host.Client.DeleteAsync(new Uri("/v1/external-users/ada", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);
        using var gone = await host.Client.GetAsync(new Uri("/v1/external-users/ada", UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, "User not found"), (gone.StatusCode, await gone.MessageAsync(Cancellation)));
    }

    private static RunEvent By(string user, string run, double seconds, string? props) =>
        Events.Start(run, seconds) with { UserId = user, UserProps = props is null ? default : RawJson.Parse(props) };
}
