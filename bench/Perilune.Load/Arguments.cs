using System.Globalization;

namespace Perilune.Load;

/// <summary><c>--name=value</c>, <c>--name value</c> and <c>--flag</c>; <see cref="RefuseUnread"/> catches misspelt names.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new UsageException($"'{args[i]}' is not an option: options start with --.");
            }

            var name = args[i][2..];
            if (name.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at)
            {
                _values[name[..at]] = name[(at + 1)..];
            }
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                _values[name] = args[++i];
            }
            else
            {
                _values[name] = "true";
            }
        }
    }

    public string? Text(string name)
    {
        _read.Add(name);
        return _values.GetValueOrDefault(name);
    }

    public string Required(string name) => Text(name) ?? throw new UsageException($"--{name} is needed.");

    public bool Flag(string name) => Text(name) is "true" or "1" or "yes";

    public int Int(string name, int otherwise) => (int)Double(name, otherwise);

    public double Double(string name, double otherwise) => Text(name) is not { } text ? otherwise
        : double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
        : throw new UsageException($"--{name} is '{text}', which is not a number.");

    public DateTimeOffset Time(string name, DateTimeOffset otherwise) => Text(name) is not { } text ? otherwise
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value
        : throw new UsageException($"--{name} is '{text}', which is not an ISO 8601 time.");

    public void RefuseUnread()
    {
        var unknown = _values.Keys.Where(name => !_read.Contains(name)).ToList();
        if (unknown.Count > 0)
        {
            throw new UsageException($"Unknown: --{string.Join(", --", unknown)}.");
        }
    }
}

internal sealed class UsageException(string message) : Exception(message);
