using System.Globalization;
using Perilune.Model;

namespace Perilune.Server.Features.Prices;

internal static class PriceLinks
{
    public static string List(Guid project) => $"projects/{project}/settings/prices";

    public static string New(Guid project) => $"{List(project)}/new";

    /// <summary>A new price that begins with the rates of a bundled one.</summary>
    public static string Like(Guid project, string id) => $"{New(project)}?like={Uri.EscapeDataString(id)}";

    public static string For(Guid project, string model) => $"{New(project)}?model={Uri.EscapeDataString(model)}";

    public static string Edit(Guid project, long price) => string.Create(CultureInfo.InvariantCulture, $"{List(project)}/{price}");

    /// <summary>What today's prices make of the calls of the day.</summary>
    public static string PreviewDay(Guid project, Instant time) => Preview(project, Day(time), Day(time));

    public static string Preview(Guid project, string? from, string? to) =>
        $"{List(project)}?preview=1&from={Uri.EscapeDataString(from ?? "")}&to={Uri.EscapeDataString(to ?? "")}#anew";

    public static string Form(Guid project, string what) => $"projects/{project}/prices/{what}";

    public static string Day(Instant time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
