namespace Perilune.Ingest.Otlp.Wire;

/// <summary>The bytes are not what they should be; the message is for whoever sent them.</summary>
internal sealed class OtlpFormatException : Exception
{
    public OtlpFormatException()
    {
    }

    public OtlpFormatException(string message)
        : base(message)
    {
    }

    public OtlpFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
