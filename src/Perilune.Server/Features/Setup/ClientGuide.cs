namespace Perilune.Server.Features.Setup;

/// <summary>What to do to connect a client, and what to know about it.</summary>
internal sealed record ClientGuide(IReadOnlyList<GuideStep> Steps, IReadOnlyList<string> Notes)
{
    private const string Fence = "```";
    private const string Address = "http://localhost:3333";
    private const string Key = "<public key>";

    /// <summary>
    /// Reads a page up to its first section: a line and the code below it are a step, everything else is a note.
    /// </summary>
    public static ClientGuide Parse(string markdown)
    {
        var (steps, notes) = (new List<GuideStep>(), new List<string>());
        string? said = null;
        var lines = markdown.ReplaceLineEndings("\n").Split('\n').Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                var code = lines.Skip(i + 1).TakeWhile(line => !line.StartsWith(Fence, StringComparison.Ordinal)).ToList();
                steps.Add(new GuideStep((said ?? "").TrimEnd(':'), string.Join('\n', code)));
                (said, i) = (null, i + code.Count + 1);
            }
            else if (lines[i].Length > 0)
            {
                AddNote();
                said = lines[i].StartsWith("- ", StringComparison.Ordinal) ? lines[i][2..] : lines[i];
            }
        }

        AddNote();
        return new ClientGuide(steps, notes);

        void AddNote()
        {
            if (said is not null)
            {
                notes.Add(said);
                said = null;
            }
        }
    }

    /// <summary>The same for this server and project.</summary>
    public ClientGuide With(string url, Guid key) => this with
    {
        Steps = [.. Steps.Select(step => step with
        {
            Code = step.Code.Replace(Address, url, StringComparison.Ordinal).Replace(Key, key.ToString(), StringComparison.Ordinal),
        })],
    };
}

/// <param name="Title">One line of Markdown.</param>
internal sealed record GuideStep(string Title, string Code);
