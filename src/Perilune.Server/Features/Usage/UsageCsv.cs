using System.Globalization;
using System.Text;
using Perilune.Control;

namespace Perilune.Server.Features.Usage;

internal static class UsageCsv
{
    public static void MapUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/projects/{projectId:guid}/usage.csv", WriteAsync).RequireAuthorization(Access.Read);

    private static async Task<IResult> WriteAsync(HttpContext context, UsageReader reader, Guid projectId, string? month, CancellationToken cancellationToken)
    {
        if (context.AccountId() is not { } account)
        {
            return TypedResults.Forbid();
        }

        if (month is { Length: > 0 } && UsageMonth.Parse(month) is null)
        {
            return TypedResults.BadRequest("The month cannot be read. Give it as year-month, such as 2026-11.");
        }

        var usage = await reader.ReadAsync(account, projectId, UsageMonth.Parse(month), cancellationToken);
        var text = new StringBuilder("day,project_id,project,type,runs,counts\r\n");
        foreach (var row in usage.Rows.OrderBy(row => row.Day).ThenBy(row => row.Project, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Type, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Day:yyyy-MM-dd},{row.ProjectId},{Cell(row.Project)},{Cell(row.Type)},{row.Runs},{(row.Counts ? "yes" : "no")}\r\n");
        }

        return TypedResults.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", $"perilune-usage-{usage.Key}.csv");
    }

    // A leading sign would be run as a formula by spreadsheets.
    private static string Cell(string text)
    {
        var safe = text.Length > 0 && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
