using Microsoft.Data.Sqlite;

namespace Perilune.Control.Tests;

public sealed class SetupTests
{
    private static readonly SetupRequest s_request = new()
    {
        Organization = "Acme",
        Project = "Shop",
        Email = "Ada@Example.com",
        Password = "correct horse",
        PublicKey = Guid.Parse("11111111-1111-4111-8111-111111111111"),
        PrivateKey = Guid.Parse("22222222-2222-4222-8222-222222222222"),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_start_makes_a_project_with_working_keys_and_a_way_in()
    {
        await using var control = ControlPlane.Create();

        var result = await control.SetUpAsync();

        Assert.NotNull(result.Created);
        Assert.Equal(result.Created.Project.Id, result.Created.PublicKey);
        Assert.Equal(KeyKind.Public, control.Keys.Find(result.Created.PublicKey.ToString()).Key?.Kind);
        Assert.Equal(KeyKind.Private, control.Keys.Find(result.Created.PrivateKey.ToString()).Key?.Kind);
        var account = (await control.Accounts.RedeemLinkAsync(result.LoginToken!, Cancel)).Value;
        var organization = Assert.Single(control.Projects.OfAccount(account!.Id));
        Assert.Equal((Role.Owner, "My project"), (organization.Role, Assert.Single(organization.Projects).Name));
    }

    [Fact]
    public async Task Later_starts_keep_everything_and_make_nothing()
    {
        var first = ControlPlane.Create();
        var created = (await first.SetUpAsync()).Created!;
        await using var second = await first.RestartAsync();

        var result = await second.SetUpAsync();

        Assert.Null(result.Created);
        Assert.NotNull(result.LoginToken);
        Assert.Equal(KeyState.Valid, second.Keys.Find(created.PrivateKey.ToString()).State);
    }

    [Fact]
    public async Task Configured_setup_is_kept_at_restarts_and_a_changed_key_is_added()
    {
        var first = ControlPlane.Create();
        Assert.NotNull((await first.SetUpAsync(s_request)).Created);
        await using var second = await first.RestartAsync();
        var added = Guid.Parse("33333333-3333-4333-8333-333333333333");

        var result = await second.SetUpAsync(s_request with { PrivateKey = added, Password = "another password" });
        await second.SetUpAsync(s_request);

        Assert.Equal(new SetupResult(null, "Ada@Example.com", null), result);
        Assert.Equal(KeyState.Valid, second.Keys.Find(added.ToString()).State);
        Assert.Equal(KeyState.Valid, second.Keys.Find(s_request.PrivateKey.ToString()).State);
        Assert.Equal(3, (await second.ApiKeys.ListAsync(s_request.PublicKey!.Value, Cancel)).Count);
        Assert.True((await second.Accounts.SignInAsync("ada@example.com", "correct horse", "", Cancel)).Succeeded);
    }

    [Fact]
    public async Task A_renamed_organization_is_not_made_again()
    {
        await using var control = ControlPlane.Create();
        await control.SetUpAsync(s_request);
        var account = (await control.Accounts.SignInAsync("ada@example.com", "correct horse", "", Cancel)).Value!;
        var organization = Assert.Single(control.Projects.OfAccount(account.Id));
        await control.Projects.RenameOrganizationAsync(account.Id, organization.Id, "Acme Inc.", Cancel);

        await control.SetUpAsync(s_request);

        Assert.Equal("Acme Inc.", Assert.Single(control.Projects.OfAccount(account.Id)).Name);
    }

    [Fact]
    public async Task A_private_key_of_another_project_is_refused()
    {
        await using var control = ControlPlane.Create();
        await control.SetUpAsync(s_request);

        var other = s_request with { Project = "Other", PublicKey = Guid.Parse("44444444-4444-4444-8444-444444444444") };

        var error = await Assert.ThrowsAsync<ControlStartException>(() => control.SetUpAsync(other));
        Assert.Contains("another project", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_readable_in_the_file()
    {
        await using var control = ControlPlane.Create();
        var created = (await control.SetUpAsync()).Created!;
        var result = await control.SetUpAsync();

        var bytes = await File.ReadAllBytesAsync(control.DatabasePath, Cancel);
        var log = File.Exists(control.DatabasePath + "-wal") ? await ReadSharedAsync(control.DatabasePath + "-wal") : [];
        var text = System.Text.Encoding.Latin1.GetString([.. bytes, .. log]);
        Assert.DoesNotContain(created.PrivateKey.ToString(), text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(result.LoginToken!, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_left_by_a_killed_migration_does_not_hang_the_next_start()
    {
        await using var control = ControlPlane.Create();
        Execute(control.DatabasePath, """
            CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');
            """);

        Assert.NotNull((await control.SetUpAsync()).Created);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await using var control = ControlPlane.Create();
        await control.SetUpAsync();
        Execute(control.DatabasePath, """INSERT INTO "__EFMigrationsHistory" VALUES ('29991231000000_FromTheFuture', '99.0')""");

        var error = await Assert.ThrowsAsync<ControlStartException>(() => control.SetUpAsync());

        Assert.Contains("newer Perilune", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await using var control = ControlPlane.Create();
        await File.WriteAllTextAsync(control.DatabasePath, new string('x', 5000), Cancel);

        var error = await Assert.ThrowsAsync<ControlStartException>(() => control.SetUpAsync());

        Assert.Contains("control.db", error.Message, StringComparison.Ordinal);
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancel);
        return copy.ToArray();
    }
}
