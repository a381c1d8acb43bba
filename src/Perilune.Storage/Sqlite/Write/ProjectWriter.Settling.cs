using Perilune.Storage.Sqlite.Settling;

namespace Perilune.Storage.Sqlite.Write;

internal sealed partial class ProjectWriter
{
    /// <summary>Begins a pass over what is unsettled in a file; its plan is to be made after the commit.</summary>
    public void BeginSettling(RunFile file, SettlePass pass) => Flushed(file)?.BeginPass(pass);

    public void Settle(RunFile file, SettlePass pass, IEnumerable<PlannedMove> moves) => Flushed(file)?.Settle(pass, moves);

    public void Settle(RunFile file, SettlePass pass, IEnumerable<PlannedCalls> calls) => Flushed(file)?.Settle(pass, calls);

    /// <summary>Ends a pass after its last step. True when another one is needed.</summary>
    public bool EndSettling(RunFile file, SettlePass pass) => Flushed(file)?.EndPass(pass) ?? false;

    /// <summary>Settles everything, for what must not go by rows that are not settled.</summary>
    public void SettleAll()
    {
        foreach (var file in _files.ToList())
        {
            Flushed(file)!.SettleAll();
        }
    }

    // Null when the file is gone: its period has passed, or it is damaged.
    private RunFileWriter? Flushed(RunFile file)
    {
        if (!_files.Contains(file))
        {
            return null;
        }

        var writer = Writer(file);
        writer.Flush();
        return writer;
    }
}
