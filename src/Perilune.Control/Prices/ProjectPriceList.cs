using Microsoft.EntityFrameworkCore;
using Perilune.Control.Data;
using Perilune.Model;
using Perilune.Model.Pricing;

namespace Perilune.Control;

/// <summary>
/// The prices that projects set for themselves. A change holds for calls that are stored from then on; those that are
/// there keep their cost until the project is priced anew (<see cref="Repricings"/>).
/// </summary>
public sealed class ProjectPriceList
{
    public const int MaxPerProject = 500;

    private readonly ControlStore _store;
    private readonly PriceBooks _books;
    private readonly TimeProvider _time;

    internal ProjectPriceList(ControlStore store, PriceBooks books, TimeProvider time) => (_store, _books, _time) = (store, books, time);

    /// <summary>By name, the latest first.</summary>
    public IReadOnlyList<ProjectPrice> List(Guid project) =>
    [
        .. _books.For(project).Own
            .OrderBy(price => price.Name, StringComparer.OrdinalIgnoreCase)
            .ThenByDescending(price => price.From ?? Instant.MinValue)
            .ThenByDescending(price => price.Id)
    ];

    public ProjectPrice? Find(Guid project, long price) => _books.For(project).Own.FirstOrDefault(own => own.Id == price);

    public Task<Outcome<ProjectPrice>> AddAsync(Guid project, PriceTerms terms, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<ProjectPrice>>(
        async db =>
        {
            var clean = terms.Clean();
            if (clean.Fault() is { } fault)
            {
                return new Refusal(fault);
            }

            if (await db.Prices.CountAsync(p => p.ProjectId == project, cancellationToken) >= MaxPerProject)
            {
                return new Refusal($"A project can have {MaxPerProject} prices of its own. Delete one that is no longer used, or use a pattern for several models.");
            }

            var row = new PriceRow { ProjectId = project, Name = "", Pattern = "", Created = _time.GetUtcNow() };
            db.Prices.Add(row);
            return await WriteAsync(db, row, clean, cancellationToken);
        },
        cancellationToken);

    public Task<Outcome<ProjectPrice>> ChangeAsync(Guid project, long price, PriceTerms terms, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<ProjectPrice>>(
        async db =>
        {
            if (await db.Prices.SingleOrDefaultAsync(p => p.Id == price && p.ProjectId == project, cancellationToken) is not { } row)
            {
                return new Refusal("The project has no such price.");
            }

            var clean = terms.Clean();
            return clean.Fault() is { } fault ? new Refusal(fault) : await WriteAsync(db, row, clean, cancellationToken);
        },
        cancellationToken);

    /// <returns>The name of the price that is gone.</returns>
    public Task<Outcome<string>> DeleteAsync(Guid project, long price, CancellationToken cancellationToken) => _store.WriteAsync<Outcome<string>>(
        async db =>
        {
            if (await db.Prices.SingleOrDefaultAsync(p => p.Id == price && p.ProjectId == project, cancellationToken) is not { } row)
            {
                return new Refusal("The project has no such price.");
            }

            db.Prices.Remove(row);
            _books.Invalidate();
            return row.Name;
        },
        cancellationToken);

    private async Task<ProjectPrice> WriteAsync(ControlDb db, PriceRow row, PriceTerms terms, CancellationToken cancellationToken)
    {
        (row.Name, row.Pattern, row.Match, row.Provider) = (terms.Name ?? terms.Pattern!, terms.Pattern!, terms.Match, terms.Provider);
        (row.From, row.Changed) = (terms.From?.ToDateTimeOffset(), _time.GetUtcNow());
        (row.Input, row.Output, row.Reasoning) = (terms.Rates.Input, terms.Rates.Output, terms.Rates.Reasoning);
        (row.CacheRead, row.CacheWrite, row.CacheWrite1h) = (terms.Rates.CacheRead, terms.Rates.CacheWrite, terms.Rates.CacheWrite1h);
        (row.InputAudio, row.OutputAudio) = (terms.Rates.InputAudio, terms.Rates.OutputAudio);
        await db.SaveChangesAsync(cancellationToken);
        _books.Invalidate();
        return PriceBooks.ToPrice(row);
    }
}
