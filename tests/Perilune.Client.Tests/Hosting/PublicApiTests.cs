using System.Reflection;
using System.Runtime.CompilerServices;

namespace PeriluneSdk.Tests.Hosting;

/// <summary>What applications can see. Run the tests with <c>PERILUNE_ACCEPT_SNAPSHOTS=1</c> to accept what changed, and review it in the diff.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Perilune.Client")]
    [InlineData("Perilune.Client.AspNetCore")]
    [InlineData("Perilune.Client.Aspire")]
    public async Task What_is_public_is_written_down(string assembly)
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, $"{assembly}.api.txt");
        var actual = string.Join('\n', Assembly.Load(assembly).GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)) + "\n";
        if (Environment.GetEnvironmentVariable("PERILUNE_ACCEPT_SNAPSHOTS") is "1")
        {
            await File.WriteAllTextAsync(path, actual, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), actual);
    }

    [Fact]
    public void Nothing_of_the_server_is_referenced() =>
        Assert.DoesNotContain(
            Assembly.Load("Perilune.Client").GetReferencedAssemblies(),
            static name => name.Name!.StartsWith("Perilune", StringComparison.Ordinal));

    private static IEnumerable<string> Lines(Type type)
    {
        yield return type.FullName!;
        foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            if (member is not MethodInfo { IsSpecialName: true } && member is not Type)
            {
                yield return $"{type.FullName} :: {member}";
            }
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
