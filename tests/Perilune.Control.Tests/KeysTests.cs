using CsCheck;

namespace Perilune.Control.Tests;

public sealed class KeysTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_works_from_its_creation_to_its_revocation()
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;

        control.Time.Advance(TimeSpan.FromSeconds(1));
        var created = (await control.ApiKeys.CreateAsync(project, KeyKind.Private, " Worker ", Cancel)).Value!;
        Assert.Equal(new KeyLookup(KeyState.Valid, new ProjectKey(project, KeyKind.Private, created.Key.Id)), control.Keys.Find(created.Secret.ToString()));
        Assert.Equal(KeyState.Valid, control.Keys.Find(created.Secret.ToString().ToUpperInvariant()).State);

        await control.ApiKeys.RevokeAsync(project, created.Key.Id, Cancel);
        Assert.Equal(new KeyLookup(KeyState.Revoked, null), control.Keys.Find(created.Secret.ToString()));
        Assert.Equal(["Public key", "Private key", "Worker"], (await control.ApiKeys.ListAsync(project, Cancel)).Select(k => k.Name));
    }

    [Fact]
    public async Task The_public_key_is_the_project_id_also_after_a_pause()
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;
        var key = (await control.ApiKeys.ListAsync(project, Cancel)).Single(k => k.Kind == KeyKind.Public);

        Assert.False((await control.ApiKeys.CreateAsync(project, KeyKind.Public, "Again", Cancel)).Succeeded);
        await control.ApiKeys.RevokeAsync(project, key.Id, Cancel);
        Assert.Equal(KeyState.Revoked, control.Keys.Find(project.ToString()).State);
        Assert.Equal(project, (await control.ApiKeys.CreateAsync(project, KeyKind.Public, "Again", Cancel)).Value?.Secret);
        Assert.Equal(KeyState.Valid, control.Keys.Find(project.ToString()).State);
    }

    [Fact]
    public async Task A_key_of_one_project_cannot_be_revoked_in_another()
    {
        await using var control = ControlPlane.Create();
        var first = (await control.SetUpAsync(new SetupRequest { Project = "First" })).Created!;
        var second = (await control.SetUpAsync(new SetupRequest { Project = "Second" })).Created!;
        var key = (await control.ApiKeys.ListAsync(first.Project.Id, Cancel))[0];

        Assert.False((await control.ApiKeys.RevokeAsync(second.Project.Id, key.Id, Cancel)).Succeeded);
        Assert.Equal(KeyState.Valid, control.Keys.Find(first.PublicKey.ToString()).State);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("a\nb")]
    public async Task A_key_needs_a_name(string? name)
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;

        Assert.Equal("A key needs a name of 1 to 100 characters.", (await control.ApiKeys.CreateAsync(project, KeyKind.Private, name, Cancel)).Error);
    }

    [Fact]
    public async Task Only_admins_add_projects()
    {
        await using var control = ControlPlane.Create();
        var setup = await control.SetUpAsync();
        var owner = (await control.Accounts.RedeemLinkAsync(setup.LoginToken!, Cancel)).Value!;
        var organization = setup.Created!.Project.OrganizationId;

        var made = await control.Projects.CreateAsync(owner.Id, organization, "Second", Cancel);
        Assert.Equal(KeyState.Valid, control.Keys.Find(made.Value!.PrivateKey.ToString()).State);
        Assert.Equal(Role.Owner, control.Roster.RoleIn(owner.Id, made.Value.Project.Id));
        Assert.False((await control.Projects.CreateAsync(Guid.CreateVersion7(), organization, "Third", Cancel)).Succeeded);
    }

    [Fact]
    public void Any_text_is_looked_up_without_harm()
    {
        var ring = new KeyRing();
        Gen.String.Sample(text => ring.Find(text).Key is null);
        Gen.Guid.Sample(id => ring.Find(id.ToString()).State == KeyState.Unknown);
    }
}
