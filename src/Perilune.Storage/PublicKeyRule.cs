using Perilune.Model;
using Perilune.Model.Merging;
using Perilune.Storage.Sqlite.State;

namespace Perilune.Storage;

/// <summary>
/// What a public key may not do: it adds runs, messages and feedback, and completes runs, but rewrites none that is
/// finished and none that came long ago. Sending again what a run already says is no rewriting.
/// </summary>
internal static class PublicKeyRule
{
    /// <summary>How long after the first word of a run a public key may say more of it.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromHours(24);

    private const string Finished =
        "The run is finished, and a public key cannot change a finished run. Send the event with the project's private key.";

    private const string Closed =
        "The run came more than 24 hours ago, and a public key can only add feedback to it now. Send the event with the project's private key.";

    /// <summary>Why <paramref name="e"/> may not be applied to what is known of its id; null when it may.</summary>
    public static string? Refuse(RunState run, RunEvent e)
    {
        // Threads are never finished.
        if (!e.ByPublicKey || !run.Exists || run.Type.Value == RunTypes.Thread)
        {
            return null;
        }

        var isFinished = run.Completion.IsSet;
        var isOpen = e.ReceivedAt - run.FirstReceived <= OpenFor && (!isFinished || (Begins(e.Kind) && !IsBegun(run)));
        return isOpen || !Changes(run, e) ? null : isFinished ? Finished : Closed;
    }

    // An end may come before its start.
    private static bool IsBegun(RunState run) =>
        run.ClientStart is not null || IsOfBeginning(run.Type) || IsOfBeginning(run.Name) || IsOfBeginning(run.Input);

    private static bool IsOfBeginning<T>(Stamped<T> field) => field.IsSet && Begins(field.Stamp.Kind);

    private static bool Begins(RunEventKind kind) =>
        kind is RunEventKind.Start or RunEventKind.Chat or RunEventKind.CustomEvent or RunEventKind.Log;

    private static bool Changes(RunState run, RunEvent e)
    {
        var terms = new List<string>();
        var writer = new StateWriter(Number);
        var before = writer.Write(run);
        var after = StateReader.Read(run.Id, before, default, term => terms[(int)term]);
        after.Apply(e with { Feedback = default, Notes = default, Runtime = e.Kind == RunEventKind.Feedback ? null : e.Runtime });

        // These follow the hour and the spelling of what was sent rather than what it says.
        (after.FirstReceived, after.FirstMentioned, after.ReceivedEnd, after.ClientId) = (run.FirstReceived, run.FirstMentioned, run.ReceivedEnd, run.ClientId);
        return !writer.Write(after).AsSpan().SequenceEqual(before);

        long Number(string term)
        {
            var at = terms.IndexOf(term);
            if (at < 0)
            {
                at = terms.Count;
                terms.Add(term);
            }

            return at;
        }
    }
}
