using PeriluneSdk.Scopes;

namespace PeriluneSdk;

/// <summary>
/// Perilune from anywhere: scopes, runs, threads, feedback and scores. What it records goes to the client that
/// <c>AddPerilune()</c> or <see cref="Start"/> made; without one, nothing happens and nothing fails.
/// </summary>
/// <example>
/// <code>
/// using (Perilune.Scope(user: "u42", thread: "chat-7", tags: ["beta"]))
/// {
///     using var run = Perilune.Agent("WeatherAgent").Input(question);
///     var answer = await chat.GetResponseAsync(question);
///     run.Output(answer.Text);
/// }
/// </code>
/// </example>
public static partial class Perilune
{
    /// <summary>
    /// Starts a client for a program without dependency injection. Dispose it at the end: that sends what is waiting.
    /// </summary>
    /// <param name="configure">Changes settings, which otherwise come from the environment.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; the message says which and how to mend it.</exception>
    /// <example><code>await using var perilune = Perilune.Start();</code></example>
    public static PeriluneClient Start(Action<PeriluneOptions>? configure = null) => PeriluneClient.Start(configure);

    /// <summary>
    /// Everything recorded until the scope is disposed, in this flow of execution and what it starts, belongs to this
    /// user and thread and has these tags and metadata. Scopes nest: an inner one adds to the outer one, and its user and
    /// thread take their place.
    /// </summary>
    /// <param name="user">The end user. When more than the id is given, the user is identified too (see <see cref="Identify"/>).</param>
    /// <param name="thread">The application's id of the conversation.</param>
    /// <param name="tags">Each up to 256 bytes of UTF-8.</param>
    /// <param name="metadata">Texts, numbers and truth values by name.</param>
    /// <returns>The scope; dispose it to end it.</returns>
    public static IDisposable Scope(
        PeriluneUser? user = null,
        string? thread = null,
        IEnumerable<string>? tags = null,
        IEnumerable<KeyValuePair<string, object?>>? metadata = null)
    {
        if (user is not null)
        {
            Identify(user);
        }

        var scope = ScopeHandle.Open(outer => outer.With(user?.Id, thread, tags, metadata));
        PeriluneClient.Current?.Propagate();
        return scope;
    }

    /// <summary>Opens a thread: a conversation whose messages are shown one after the other, whatever runs made them.</summary>
    /// <param name="id">The application's id of the conversation; null for a new one.</param>
    /// <param name="user">Whose conversation it is.</param>
    /// <param name="tags">Tags of the thread.</param>
    /// <param name="metadata">Metadata of the thread.</param>
    /// <returns>The thread, to which messages can be added now and later.</returns>
    public static PeriluneThread OpenThread(
        string? id = null,
        PeriluneUser? user = null,
        IEnumerable<string>? tags = null,
        IEnumerable<KeyValuePair<string, object?>>? metadata = null) => new(id ?? Ids.New(), user ?? CurrentUser(), tags, metadata);

    /// <summary>Says what is known of a user: their name, organization, team and anything else. Known keys are replaced, others stay.</summary>
    /// <param name="user">The user; with nothing but an id there is nothing to say.</param>
    public static void Identify(PeriluneUser user) => PeriluneClient.Current?.Identify(user);

    /// <summary>Says what a user thinks of a run or a message.</summary>
    /// <param name="runId">The run's or message's id, as <see cref="RunSpan.Id"/> and <see cref="PeriluneThread.TrackMessage(string, string, MessageDetails?)"/> give it.</param>
    /// <param name="thumb">Up, down, or none to clear it.</param>
    /// <param name="comment">In their own words; null leaves an earlier comment.</param>
    public static void Feedback(string runId, Thumb thumb, string? comment = null) => PeriluneClient.Current?.Feedback(runId, thumb, comment);

    /// <summary>Scores a run; a later score of the same label replaces it.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="label">What is scored, 1 to 256 characters, such as <c>faithfulness</c>.</param>
    /// <param name="value">The score.</param>
    /// <param name="comment">Why.</param>
    public static void Score(string runId, string label, double value, string? comment = null) => PeriluneClient.Current?.Score(runId, label, value, comment);

    /// <summary>Scores a run with a word, such as a class.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="label">What is scored, 1 to 256 characters.</param>
    /// <param name="value">The word.</param>
    /// <param name="comment">Why.</param>
    public static void Score(string runId, string label, string value, string? comment = null) => PeriluneClient.Current?.Score(runId, label, value, comment);

    /// <summary>Scores a run with yes or no.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="label">What is scored, 1 to 256 characters.</param>
    /// <param name="value">Yes or no.</param>
    /// <param name="comment">Why.</param>
    public static void Score(string runId, string label, bool value, string? comment = null) => PeriluneClient.Current?.Score(runId, label, value, comment);

    /// <summary>
    /// Waits until everything recorded before this call is stored at the server. For programs that end or freeze, such as
    /// functions and console programs.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait, which is not an error.</param>
    /// <returns>True when all of it is stored; false when the wait ended before, or some was dropped or refused.</returns>
    public static Task<bool> FlushAsync(CancellationToken cancellationToken = default) =>
        PeriluneClient.Current?.FlushAsync(cancellationToken) ?? Task.FromResult(true);

    private static PeriluneUser? CurrentUser() => ScopeHandle.Current?.UserId is { } id ? new PeriluneUser(id) : null;
}
