using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeriluneSdk;

namespace Microsoft.Extensions.AI;

/// <summary>Adds Perilune to embedding generators.</summary>
public static class PeriluneEmbeddingGeneratorBuilderExtensions
{
    /// <summary>Records every call that passes here: model, number and dimension of the embeddings, tokens, times.</summary>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">What it becomes.</typeparam>
    /// <param name="builder">The generator's builder.</param>
    /// <param name="configure">Changes Microsoft's middleware.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>builder.Services.AddEmbeddingGenerator(model).UsePerilune();</code></example>
    public static EmbeddingGeneratorBuilder<TInput, TEmbedding> UsePerilune<TInput, TEmbedding>(
        this EmbeddingGeneratorBuilder<TInput, TEmbedding> builder, Action<OpenTelemetryEmbeddingGenerator<TInput, TEmbedding>>? configure = null)
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var recording = inner.GetService<OpenTelemetryEmbeddingGenerator<TInput, TEmbedding>>();
            var result = inner;
            if (recording is null)
            {
#pragma warning disable CA2000 // The outermost generator disposes of those within.
                recording = new OpenTelemetryEmbeddingGenerator<TInput, TEmbedding>(
                    inner, services.GetService<ILoggerFactory>()?.CreateLogger(typeof(OpenTelemetryEmbeddingGenerator<TInput, TEmbedding>)));
#pragma warning restore CA2000
                result = recording;
            }

            recording.EnableSensitiveData = (services.GetService<PeriluneClient>() ?? PeriluneClient.Current)?.Options.CaptureContent ?? true;
            configure?.Invoke(recording);
            return result;
        });
    }
}
