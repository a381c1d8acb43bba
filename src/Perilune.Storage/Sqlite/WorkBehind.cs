using Perilune.Storage.Sqlite.Settling;
using Perilune.Storage.Sqlite.Write;

namespace Perilune.Storage.Sqlite;

/// <summary>What works on a project's files behind its writer.</summary>
/// <param name="Threads">The store's threads.</param>
/// <param name="Limits">How much is settled at once.</param>
/// <param name="Enqueue">Puts work in line for the project's writer; false when too much waits there, or it is closed.</param>
internal sealed record WorkBehind(StoreThreads Threads, SettleLimits Limits, Func<PendingWork, bool> Enqueue);
