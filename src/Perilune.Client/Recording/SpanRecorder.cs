using System.Diagnostics;
using PeriluneSdk.Scopes;
using PeriluneSdk.Spans;

namespace PeriluneSdk.Recording;

/// <summary>
/// Writes the scope onto spans as they begin and hands them over as they end. Runs on the application's threads: it does
/// nothing that waits, and nothing of it throws.
/// </summary>
internal sealed class SpanRecorder(PeriluneOptions options, Action<Activity> deliver)
{
    private readonly ulong _threshold = options.SampleRate >= 1 ? ulong.MaxValue : (ulong)(options.SampleRate * ulong.MaxValue);

    public GenAiSources Sources { get; } = new(options.Sources);

    public bool IsRecorded(Activity activity) => activity.IsAllDataRequested && Sources.Matches(activity.Source.Name);

    /// <summary>The same answer for all spans of a trace, whatever others decide about it.</summary>
    public bool IsSampled(ActivityTraceId trace)
    {
        if (_threshold == ulong.MaxValue)
        {
            return true;
        }

        // The last eight bytes are random in every scheme of ids.
        Span<byte> bytes = stackalloc byte[16];
        trace.CopyTo(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) < _threshold;
    }

    public void Start(Activity activity)
    {
        if (!IsRecorded(activity))
        {
            return;
        }

        if (ScopeHandle.Current is { } scope)
        {
            ScopeTags.Write(activity, scope);
            if (options.PropagateContext)
            {
                ScopeBaggage.Write(activity, scope);
            }
        }

        if (options.PropagateContext)
        {
            ScopeBaggage.Read(activity);
            activity.SetBaggage(ScopeBaggage.ParentSpan, activity.SpanId.ToHexString());
        }
    }

    public void Stop(Activity activity)
    {
        if (!IsRecorded(activity) || !IsSampled(activity.TraceId))
        {
            return;
        }

        if (activity.GetTagItem(GenAi.Session) is string thread)
        {
            Converse(activity, thread);
        }

        deliver(activity);
    }

    /// <summary>Libraries put the provider's id of the conversation where the application's thread belongs.</summary>
    private static void Converse(Activity activity, string thread)
    {
        if (activity.GetTagItem(GenAi.Conversation) is string conversation && !string.Equals(thread, conversation, StringComparison.Ordinal))
        {
            activity.SetTag(GenAi.ProviderConversation, conversation);
        }

        activity.SetTag(GenAi.Conversation, thread);
    }

    /// <summary>
    /// The nearest span above that is recorded too, so that the trace holds together without the spans of web servers and
    /// HTTP clients in between.
    /// </summary>
    public ActivitySpanId Parent(Activity activity)
    {
        if (activity.Parent is null)
        {
            return activity.ParentSpanId;
        }

        var above = activity.Parent;
        for (; above is not null; above = above.Parent)
        {
            if (IsRecorded(above))
            {
                return above.SpanId;
            }

            if (above.Parent is null)
            {
                break;
            }
        }

        // Baggage of the outermost span came from the service that called this one.
        return above?.GetBaggageItem(ScopeBaggage.ParentSpan) is { Length: 16 } caller ? ActivitySpanId.CreateFromString(caller) : default;
    }
}
