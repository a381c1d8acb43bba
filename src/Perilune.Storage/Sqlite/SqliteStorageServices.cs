using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Perilune.Storage.Sqlite;

public static class SqliteStorageServices
{
    /// <summary>Keeps runs in SQLite files below <paramref name="dataFolder"/>.</summary>
    public static IServiceCollection AddSqliteRuns(this IServiceCollection services, string dataFolder) =>
        services.AddSingleton<IRunStore>(provider => new SqliteRunStore(dataFolder, provider.GetRequiredService<ILogger<SqliteRunStore>>()));
}
