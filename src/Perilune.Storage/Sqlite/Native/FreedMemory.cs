using System.Runtime.InteropServices;

namespace Perilune.Storage.Sqlite.Native;

/// <summary>
/// What SQLite's page caches have given back stays with the C library, which has an arena for each thread that ever asked:
/// hundreds of megabytes after a burst over many projects.
/// </summary>
internal static class FreedMemory
{
    // glibc alone has the function, and keeps so much; elsewhere there is nothing to do.
    private static readonly TrimFunction? s_trim = OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var address)
        ? Marshal.GetDelegateForFunctionPointer<TrimFunction>(address)
        : null;

    private delegate int TrimFunction(nuint pad);

    /// <summary>Gives it back to the system.</summary>
    public static void Release() => s_trim?.Invoke(0);
}
