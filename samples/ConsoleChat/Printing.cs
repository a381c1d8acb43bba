using System.Text;
using Microsoft.Extensions.AI;

namespace Samples;

internal static class Printing
{
    /// <summary>Prints a stream as it comes, and gives all of it.</summary>
    public static async Task<string> Printed(this IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        var all = new StringBuilder();
        await foreach (var update in updates)
        {
            Console.Write(update.Text);
            all.Append(update.Text);
        }

        Console.WriteLine();
        return all.ToString().TrimEnd();
    }
}
