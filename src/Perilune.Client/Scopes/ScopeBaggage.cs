using System.Diagnostics;
using PeriluneSdk.Spans;

namespace PeriluneSdk.Scopes;

/// <summary>Scopes on their way to another service.</summary>
internal static class ScopeBaggage
{
    public const string ParentSpan = "perilune.parent";
    private const string User = "perilune.user";
    private const string Thread = "perilune.thread";
    private const string Tags = "perilune.tags";

    public static void Write(Activity activity, ScopeState scope)
    {
        Set(activity, User, scope.UserId);
        Set(activity, Thread, scope.ThreadId);
        Set(activity, Tags, scope.Tags.Length == 0 ? null : string.Join(',', scope.Tags.Select(Uri.EscapeDataString)));
    }

    /// <summary>Takes what came with the request, where no scope of this service says otherwise.</summary>
    public static void Read(Activity activity)
    {
        Take(GenAi.User, User);
        Take(GenAi.Session, Thread);
        if (activity.GetTagItem(GenAi.Tags) is null && activity.GetBaggageItem(Tags) is { Length: > 0 } tags)
        {
            activity.SetTag(GenAi.Tags, tags.Split(',').Select(Uri.UnescapeDataString).ToArray());
        }

        void Take(string key, string baggage)
        {
            if (activity.GetTagItem(key) is null && activity.GetBaggageItem(baggage) is { Length: > 0 } value)
            {
                activity.SetTag(key, value);
            }
        }
    }

    private static void Set(Activity activity, string key, string? value)
    {
        if (value is not null)
        {
            activity.SetBaggage(key, value);
        }
    }
}
