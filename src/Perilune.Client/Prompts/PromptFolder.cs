using System.Security.Cryptography;
using System.Text;

namespace PeriluneSdk.Prompts;

/// <summary>Templates on disk, for starts without a server. What goes wrong here is as if there were none.</summary>
internal sealed class PromptFolder(string folder)
{
    public Prompt? Read(string slug)
    {
        try
        {
            return PromptJson.Read(File.ReadAllBytes(PathOf(slug)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(string slug, Prompt prompt)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var unfinished = $"{PathOf(slug)}.{Ids.New()}";
            File.WriteAllBytes(unfinished, PromptJson.Write(prompt));
            File.Move(unfinished, PathOf(slug), overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The copy in memory serves.
        }
    }

    // A slug may hold what a file name may not.
    private string PathOf(string slug) => Path.Combine(folder, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(slug)).AsSpan(0, 16)) + ".json");
}
