using System.Diagnostics;
using System.Globalization;
using PeriluneSdk.Spans;

namespace PeriluneSdk;

/// <summary>
/// A run that is going on: an agent, chain, tool, retriever or call of a model. It ends when it is disposed. Over an
/// <see cref="System.Diagnostics.Activity"/> of the source <c>Perilune</c> with the attributes of OpenTelemetry's
/// conventions; where nobody listens to that source there is none, and every member does nothing.
/// </summary>
/// <example>
/// <code>
/// using var run = Perilune.Agent("WeatherAgent").Input(question);
/// var answer = await chat.GetResponseAsync(question);
/// run.Output(answer.Text);
/// </code>
/// </example>
public readonly partial struct RunSpan : IDisposable, IEquatable<RunSpan>
{
    private readonly RunKind _kind;

    internal RunSpan(Activity? activity, RunKind kind) => (Activity, _kind) = (activity, kind);

    /// <summary>The span itself; null when it is not recorded.</summary>
    public Activity? Activity { get; }

    /// <summary>
    /// The run's id at the server, a UUID, for feedback, scores and links; null when the run is not recorded.
    /// </summary>
    public string? Id => Activity is { IsAllDataRequested: true } activity ? Ids.OfSpan(activity.TraceId, activity.SpanId) : null;

    /// <summary>Adds tags to the run, besides those of its scope.</summary>
    /// <param name="tags">Each up to 256 bytes of UTF-8.</param>
    /// <returns>The same run.</returns>
    public RunSpan Tag(params string[] tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (Activity is { } activity)
        {
            activity.SetTag(GenAi.Tags, activity.GetTagItem(GenAi.Tags) is string[] old ? old.Union(tags, StringComparer.Ordinal).ToArray() : tags);
        }

        return this;
    }

    /// <summary>Adds a value to the run's metadata.</summary>
    /// <param name="key">Its name; dots are part of it.</param>
    /// <param name="value">A text, number, truth value, or something with a useful <c>ToString</c>.</param>
    /// <returns>The same run.</returns>
    public RunSpan Metadata(string key, object? value)
    {
        Activity?.SetTag(GenAi.MetadataPrefix + key, value);
        return this;
    }

    /// <summary>Marks the run as failed.</summary>
    /// <param name="error">Why.</param>
    /// <returns>The same run.</returns>
    public RunSpan Error(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (Activity is { } activity)
        {
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
            activity.SetTag(GenAi.ErrorType, error.GetType().FullName);
            activity.AddException(error);
        }

        return this;
    }

    /// <summary>Marks the run as failed.</summary>
    /// <param name="message">Why.</param>
    /// <returns>The same run.</returns>
    public RunSpan Error(string message)
    {
        Activity?.SetStatus(ActivityStatusCode.Error, message);
        Activity?.SetTag(GenAi.ErrorType, "_OTHER");
        return this;
    }

    /// <summary>
    /// Runs <paramref name="work"/> as this run, marks the run as failed when that throws, and ends it.
    /// </summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="work">The work; it gets this run, to add to it.</param>
    /// <returns>What the work gave. Its exceptions are thrown on unchanged.</returns>
    /// <example><code>var weather = await Perilune.Tool("get_weather").Input(city).RunAsync(_ => FetchAsync(city));</code></example>
    public async Task<T> RunAsync<T>(Func<RunSpan, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using (this)
        {
            try
            {
                return await work(this).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                Error(error);
                throw;
            }
        }
    }

    /// <summary>Says what users think of this run.</summary>
    /// <param name="thumb">Up, down, or none to clear it.</param>
    /// <param name="comment">In their own words; null leaves an earlier comment.</param>
    public void Feedback(Thumb thumb, string? comment = null)
    {
        if (Id is { } id)
        {
            Perilune.Feedback(id, thumb, comment);
        }
    }

    /// <summary>Scores this run; a later score of the same label replaces it.</summary>
    /// <param name="label">What is scored, 1 to 256 characters, such as <c>faithfulness</c>.</param>
    /// <param name="value">The score.</param>
    /// <param name="comment">Why.</param>
    public void Score(string label, double value, string? comment = null)
    {
        if (Id is { } id)
        {
            Perilune.Score(id, label, value, comment);
        }
    }

    /// <summary>Ends the run.</summary>
    public void Dispose() => Activity?.Dispose();

    /// <summary>The run's id.</summary>
    /// <returns>The id, or an empty text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_kind} {Id}");

    /// <summary>Whether both are the same run.</summary>
    /// <param name="other">The other one.</param>
    /// <returns>True when they are.</returns>
    public bool Equals(RunSpan other) => ReferenceEquals(Activity, other.Activity) && _kind == other._kind;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is RunSpan other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Activity, _kind);

    /// <summary>Whether both are the same run.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they are.</returns>
    public static bool operator ==(RunSpan left, RunSpan right) => left.Equals(right);

    /// <summary>Whether they are different runs.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they are.</returns>
    public static bool operator !=(RunSpan left, RunSpan right) => !left.Equals(right);
}

internal enum RunKind : byte
{
    Agent,
    Chain,
    Tool,
    Retriever,
    Llm,
}
