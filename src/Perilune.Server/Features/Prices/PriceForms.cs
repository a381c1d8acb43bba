using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Perilune.Control;
using Perilune.Server.Hosting;

namespace Perilune.Server.Features.Prices;

/// <summary>Forms of the page of prices. Each redirects back to it with a <see cref="Flash"/>.</summary>
internal static class PriceForms
{
    public static void MapPrices(this IEndpointRouteBuilder endpoints)
    {
        var forms = endpoints.MapForms().MapGroup("/projects/{projectId:guid}/prices");
        forms.MapPost("/{priceId}/delete", DeleteAsync).RequireAuthorization(Access.Write);
        forms.MapPost("/reprice", RepriceAsync).RequireAuthorization(Access.Manage);
        forms.MapPost("/stop", StopAsync).RequireAuthorization(Access.Manage);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, ProjectPriceList prices, string priceId, CancellationToken cancellationToken)
    {
        var id = long.TryParse(priceId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var outcome = await prices.DeleteAsync(context.ProjectId(), id, cancellationToken);
        return Answer(context, Say(outcome, $"The price of {outcome.Value} is deleted. Calls that are there keep their cost until they are priced anew."), "");
    }

    private static async Task<IResult> RepriceAsync(HttpContext context, Repricer repricer, [FromForm] string? from, [FromForm] string? to, CancellationToken cancellationToken)
    {
        if (PriceDays.Parse(from, to) is not { } span)
        {
            return Answer(context, new Flash(FlashKind.Error, "The days cannot be read. Give them as 2026-11-01, the first before the last, or leave them out. Nothing was priced anew."), "#anew");
        }

        var outcome = await repricer.StartAsync(context.ProjectId(), span, cancellationToken);
        return Answer(context, Say(outcome, "Calls are being priced anew. You may leave this page."), "#anew");
    }

    private static async Task<IResult> StopAsync(HttpContext context, Repricings repricings, CancellationToken cancellationToken)
    {
        var outcome = await repricings.StopAsync(context.ProjectId(), cancellationToken);
        return Answer(context, Say(outcome, "Stopped. Calls that were priced anew until then stay so."), "#anew");
    }

    private static Flash Say<T>(Outcome<T> outcome, string notice) =>
        outcome.Succeeded ? new Flash(FlashKind.Notice, notice) : new Flash(FlashKind.Error, outcome.Error);

    private static IResult Answer(HttpContext context, Flash flash, string place)
    {
        flash.Write(context);
        return LocalUrl.Redirect(context, null, $"/{PriceLinks.List(context.ProjectId())}{place}");
    }
}
