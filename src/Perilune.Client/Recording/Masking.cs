namespace PeriluneSdk.Recording;

/// <summary>The application's mask, which may fail.</summary>
internal sealed class Masking(Func<string, string>? mask)
{
    private const string Failed = "[masking failed]";

    public static readonly Masking None = new(null);

    public bool IsOn => mask is not null;

    public string Apply(string text)
    {
        if (mask is null)
        {
            return text;
        }

        try
        {
            return mask(text) ?? Failed;
        }
#pragma warning disable CA1031 // Whatever the application's own code throws: the text must neither leave nor be the end of this thread.
        catch (Exception)
#pragma warning restore CA1031
        {
            return Failed;
        }
    }
}
