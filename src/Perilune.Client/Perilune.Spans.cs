using System.Diagnostics;
using PeriluneSdk.Spans;

namespace PeriluneSdk;

/// <content>Runs of the application's own.</content>
public static partial class Perilune
{
    /// <summary>The id at the server of the run that is going on in this flow of execution; null when none is recorded.</summary>
    /// <example>Send it to the browser with the answer, for its feedback: <code>context.Response.Headers["x-run-id"] = Perilune.CurrentRunId;</code></example>
    public static string? CurrentRunId
    {
        get
        {
            for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
            {
                if (activity.IsAllDataRequested && Recording.GenAiSources.Default.Matches(activity.Source.Name))
                {
                    return Ids.OfSpan(activity.TraceId, activity.SpanId);
                }
            }

            return null;
        }
    }

    /// <summary>Begins an agent: something that decides by itself which models and tools to use.</summary>
    /// <param name="name">The agent's name; the same for each of its runs.</param>
    /// <returns>The run; dispose it to end it.</returns>
    public static RunSpan Agent(string name)
    {
        var run = Begin(RunKind.Agent, "invoke_agent", name, GenAi.AgentName);
        if (Recording.Content.IsCaptured)
        {
            // Microsoft.Extensions.AI asks the agent around a tool whether its arguments may be told.
            run.Activity?.SetCustomProperty("__EnableSensitiveData__", "true");
        }

        return run;
    }

    /// <summary>Begins a chain: steps in an order that the application decides.</summary>
    /// <param name="name">The chain's name; the same for each of its runs.</param>
    /// <returns>The run; dispose it to end it.</returns>
    public static RunSpan Chain(string name) => Begin(RunKind.Chain, "invoke_workflow", name, "gen_ai.workflow.name");

    /// <summary>Begins a tool: a function that a model asked for. Belongs inside an agent or a chain.</summary>
    /// <param name="name">The tool's name.</param>
    /// <returns>The run; dispose it to end it.</returns>
    public static RunSpan Tool(string name) => Begin(RunKind.Tool, "execute_tool", name, GenAi.ToolName);

    /// <summary>Begins a search for documents to put before a model.</summary>
    /// <param name="name">Name of what is searched.</param>
    /// <returns>The run; dispose it to end it.</returns>
    public static RunSpan Retriever(string name) => Begin(RunKind.Retriever, "retrieval", name, GenAi.DataSource);

    /// <summary>
    /// Begins a call of a model, for clients of the application's own. Those of Microsoft.Extensions.AI are recorded by
    /// <c>UsePerilune()</c>.
    /// </summary>
    /// <param name="model">The model asked for.</param>
    /// <param name="provider">Who runs it, in OpenTelemetry's words, such as <c>mistral_ai</c>; prices depend on it.</param>
    /// <returns>The run; dispose it to end it.</returns>
    /// <example>
    /// <code>
    /// using var call = Perilune.Llm("mistral-large", "mistral_ai").Messages(messages);
    /// call.FirstToken();
    /// call.Output(text).Usage(input: 120, output: 34, cacheRead: 64, reasoning: 16);
    /// </code>
    /// </example>
    public static RunSpan Llm(string model, string? provider = null)
    {
        var run = Begin(RunKind.Llm, "chat", model, GenAi.RequestModel, ActivityKind.Client);
        if (provider is not null)
        {
            run.Activity?.SetTag(GenAi.Provider, provider);
        }

        return run;
    }

    private static RunSpan Begin(RunKind kind, string operation, string name, string nameKey, ActivityKind activityKind = ActivityKind.Internal)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!GenAi.Source.HasListeners())
        {
            return new RunSpan(null, kind);
        }

        var activity = GenAi.Source.StartActivity($"{operation} {name}", activityKind);
        activity?.SetTag(GenAi.Operation, operation).SetTag(nameKey, name);
        return new RunSpan(activity, kind);
    }
}
