using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeriluneSdk;
using PeriluneSdk.Chat;

namespace Microsoft.Extensions.AI;

/// <summary>Adds Perilune to chat clients.</summary>
public static class PeriluneChatClientBuilderExtensions
{
    /// <summary>
    /// Records every call that passes here, with its messages unless <see cref="PeriluneOptions.CaptureContent"/> is
    /// false. Stands after <c>UseFunctionInvocation()</c>, so that each call of the model is a run of its own and tools
    /// stand between them. It is Microsoft's own <c>UseOpenTelemetry()</c>, configured; where the client has that
    /// already, it is used and not added again.
    /// </summary>
    /// <param name="builder">The chat client's builder.</param>
    /// <param name="configure">Changes Microsoft's middleware.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>builder.Services.AddChatClient(model).UseFunctionInvocation().UsePerilune();</code></example>
    public static ChatClientBuilder UsePerilune(this ChatClientBuilder builder, Action<OpenTelemetryChatClient>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var loggers = services.GetService<ILoggerFactory>();
            var capture = (services.GetService<PeriluneClient>() ?? PeriluneClient.Current)?.Options.CaptureContent ?? true;
            if (inner.GetService<FunctionInvokingChatClient>() is not null)
            {
                ChatLog.Misplaced(loggers);
            }

            var recording = inner.GetService<OpenTelemetryChatClient>();
            if (recording is null)
            {
#pragma warning disable CA2000 // The outermost client disposes of those within.
                inner = recording = new OpenTelemetryChatClient(inner, loggers?.CreateLogger(typeof(OpenTelemetryChatClient)));
#pragma warning restore CA2000
            }

            recording.EnableSensitiveData = capture;
            configure?.Invoke(recording);
            return new TemplateLinkingChatClient(inner);
        });
    }
}
