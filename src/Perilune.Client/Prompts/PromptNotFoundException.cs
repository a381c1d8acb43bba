namespace PeriluneSdk.Prompts;

/// <summary>A prompt template could not be had, and there was no fallback.</summary>
public sealed class PromptNotFoundException : Exception
{
    /// <summary>Without a message.</summary>
    public PromptNotFoundException()
    {
    }

    /// <summary>With a message.</summary>
    /// <param name="message">Which template, why, and what to do.</param>
    public PromptNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    /// <param name="message">Which template, why, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public PromptNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
