using Perilune.Control.Data;
using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Control.Tests;

public sealed class PricesTests
{
    private static readonly Instant s_november = Instant.From(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly PriceTerms s_terms = new(" gpt-5* ", PriceMatch.Wildcard, " ", s_november, new ProjectRates(1.25m, 10) { CacheRead = 0.125m });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_price_holds_at_once_for_its_project_alone_and_after_a_restart()
    {
        var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;
        Assert.Same(PriceBook.Default, control.Books.For(project));

        var price = (await control.Prices.AddAsync(project, s_terms, Cancel)).Value!;
        Assert.Equal(("gpt-5*", "gpt-5*", (string?)null, s_november), (price.Name, price.Pattern, price.Provider, price.From));
        Assert.Equal(price.PriceId, control.Books.For(project).Find("openai", "gpt-5-mini", s_november)!.Id);
        Assert.Same(PriceBook.Default, control.Books.For(Guid.CreateVersion7()));
        var book = control.Books.For(project);

        // What does not change the prices leaves the book as it is.
        await control.Views.SaveAsync(project, new ViewText("Slow calls", "llm", "duration>10s"), Cancel);
        Assert.Same(book, control.Books.For(project));

        await using var again = await control.RestartAsync();
        await again.SetUpAsync();
        Assert.Equal([price], again.Prices.List(project));
        Assert.Equal(book.Stamp, again.Books.For(project).Stamp);
        Assert.Equal(book.Stamp, PriceBooks.OfFile(again.DatabasePath).For(project).Stamp);

        Assert.NotNull((await again.Prices.DeleteAsync(Guid.CreateVersion7(), price.Id, Cancel)).Error);
        Assert.NotNull((await again.Prices.ChangeAsync(Guid.CreateVersion7(), price.Id, s_terms, Cancel)).Error);
        Assert.Equal("Ours", (await again.Prices.ChangeAsync(project, price.Id, s_terms with { Name = "Ours", From = null }, Cancel)).Value!.Name);
        Assert.Null(again.Prices.Find(project, price.Id)!.From);
        Assert.Equal("Ours", (await again.Prices.DeleteAsync(project, price.Id, Cancel)).Value);
        Assert.Equal("openai/gpt-5-mini", again.Books.For(project).Find("openai", "gpt-5-mini", s_november)!.Id);
        Assert.NotEqual(price.Id, (await again.Prices.AddAsync(project, s_terms, Cancel)).Value!.Id);
    }

    [Fact]
    public async Task What_cannot_be_a_price_is_refused_with_a_reason()
    {
        await using var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;

        await RefusesAsync("needs the name", s_terms with { Pattern = "  " });
        await RefusesAsync("256 characters", s_terms with { Pattern = new string('x', 257) });
        await RefusesAsync("256 characters", s_terms with { Provider = new string('x', 257) });
        await RefusesAsync("control characters", s_terms with { Name = "a\u0007b" });
        await RefusesAsync("0 to 1,000,000 USD", s_terms with { Rates = new ProjectRates(-0.01m, 1) });
        await RefusesAsync("0 to 1,000,000 USD", s_terms with { Rates = new ProjectRates(1, 1) { OutputAudio = 1_000_000.1m } });
        await RefusesAsync("6 decimals", s_terms with { Rates = new ProjectRates(1, 0.0000001m) });
        await RefusesAsync("looks around", s_terms with { Pattern = "a(?=b)", Match = PriceMatch.Regex });
        Assert.Empty(control.Prices.List(project));

        await control.Store.WriteAsync(
            db =>
            {
                db.Prices.AddRange(Enumerable.Range(0, ProjectPriceList.MaxPerProject).Select(i => new PriceRow { ProjectId = project, Name = $"m{i}", Pattern = $"m{i}" }));
                return Task.FromResult(true);
            },
            Cancel);
        await RefusesAsync("500 prices", s_terms);

        async Task RefusesAsync(string reason, PriceTerms terms) =>
            Assert.Contains(reason, (await control.Prices.AddAsync(project, terms, Cancel)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_re_pricing_goes_on_after_a_restart_until_it_is_done_or_stopped()
    {
        var control = ControlPlane.Create();
        var project = (await control.SetUpAsync()).Created!.Project.Id;
        Assert.Contains("before the first", (await control.Repricings.StartAsync(project, s_november, s_november, 0, Cancel)).Error, StringComparison.Ordinal);
        var first = (await control.Repricings.StartAsync(project, s_november, null, expected: 90, Cancel)).Value!;
        Assert.Contains("already", (await control.Repricings.StartAsync(project, null, null, 0, Cancel)).Error, StringComparison.Ordinal);
        var progress = new RepricingProgress("stamp", "cursor", 40, 30, 2_000_000_000_000_000_000_000_000m, 5);
        Assert.True(await control.Repricings.ProgressAsync(first, progress, done: false, Cancel));

        await using var again = await control.RestartAsync();
        await again.SetUpAsync();
        var running = Assert.Single(await again.Repricings.RunningAsync(Cancel));
        Assert.Equal(first with { Progress = progress }, running);

        await again.Repricings.StopAsync(project, Cancel);
        Assert.False(await again.Repricings.ProgressAsync(running, progress, done: true, Cancel));
        Assert.Equal(RepricingState.Stopped, (await again.Repricings.FindAsync(project, Cancel))!.State);
        Assert.NotNull((await again.Repricings.StopAsync(project, Cancel)).Error);

        // The one that was stopped does not go on as the next.
        var second = (await again.Repricings.StartAsync(project, null, null, 1, Cancel)).Value!;
        Assert.False(await again.Repricings.ProgressAsync(running, progress, done: true, Cancel));
        Assert.Equal(0, (await again.Repricings.FindAsync(project, Cancel))!.Progress.Calls);
        Assert.True(await again.Repricings.ProgressAsync(second, progress, done: true, Cancel));
        Assert.Empty(await again.Repricings.RunningAsync(Cancel));

        var name = (await again.Projects.FindAsync(project, Cancel))!.Name;
        await again.Prices.AddAsync(project, s_terms, Cancel);
        await again.Projects.DeleteAsync(project, name, Cancel);
        Assert.Null(await again.Repricings.FindAsync(project, Cancel));
    }
}
