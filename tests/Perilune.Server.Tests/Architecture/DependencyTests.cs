using System.Reflection;

namespace Perilune.Server.Tests.Architecture;

/// <summary>Who may know whom. What a project reference already forbids is held here for those that come later.</summary>
public sealed class DependencyTests
{
    private const string Features = "Perilune.Server.Features.";

    private static readonly Assembly s_server = Assembly.Load("Perilune.Server");

    [Theory]
    [InlineData("Model")]
    [InlineData("Storage", "Model")]
    [InlineData("Control", "Model")]
    [InlineData("Ingest", "Model", "Storage", "Control")]
    public void A_project_knows_only_those_below_it(string project, params string[] below)
    {
        var ours = References(project).Where(static name => name.StartsWith("Perilune.", StringComparison.Ordinal));
        Assert.Empty(ours.Except(below.Select(static name => $"Perilune.{name}"), StringComparer.Ordinal));
    }

    [Fact]
    public void The_model_needs_nothing_but_the_base_class_library() =>
        Assert.DoesNotContain(References("Model"), static name => !name.StartsWith("System.", StringComparison.Ordinal));

    [Fact]
    public void The_design_system_touches_no_data() =>
        Found.Nothing(
            from type in Types("Perilune.Server.Ui")
            from used in Uses.Of(type)
            where used.Assembly.GetName().Name is "Perilune.Storage" or "Perilune.Control" or "Perilune.Ingest" || IsFeature(used)
            select $"{type.FullName} uses {used.FullName}");

    /// <summary>Links, values and components, but nothing that asks or changes the data. Site frames all pages, so it knows the slices.</summary>
    [Fact]
    public void A_slice_uses_of_another_only_what_touches_no_data() =>
        Found.Nothing(
            from type in Types(Features)
            where Slice(type) is not "Site"
            from used in Uses.Of(type)
            where IsFeature(used) && Slice(used) is not "Site" && Slice(used) != Slice(type)
            from touched in Uses.Of(used)
            where IsDataAccess(touched)
            select $"{type.FullName} uses {used.FullName}, which uses {touched.FullName}");

    private static IEnumerable<string> References(string project) =>
        Assembly.Load($"Perilune.{project}").GetReferencedAssemblies().Select(static name => name.Name!);

    private static IEnumerable<Type> Types(string @namespace) =>
        s_server.GetTypes().Where(type => !type.IsNested && type.Namespace?.StartsWith(@namespace, StringComparison.Ordinal) is true);

    private static bool IsFeature(Type type) => type.Assembly == s_server && type.Namespace?.StartsWith(Features, StringComparison.Ordinal) is true;

    private static string Slice(Type type) => type.Namespace![Features.Length..].Split('.')[0];

    private static bool IsDataAccess(Type type) =>
        type.Assembly.GetName().Name is "Perilune.Storage" or "Perilune.Control" && !type.IsValueType && !IsRecord(type);

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
