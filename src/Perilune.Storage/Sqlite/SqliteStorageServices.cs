using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perilune.Model.Pricing;

namespace Perilune.Storage.Sqlite;

public static class SqliteStorageServices
{
    /// <summary>Keeps runs in SQLite files below <paramref name="dataFolder"/>, at the prices of the <see cref="IProjectPrices"/> that are registered.</summary>
    public static IServiceCollection AddSqliteRuns(this IServiceCollection services, string dataFolder) =>
        services.AddSingleton<IRunStore>(provider => new SqliteRunStore(dataFolder, provider.GetRequiredService<ILogger<SqliteRunStore>>(), provider.GetService<IProjectPrices>()));
}
