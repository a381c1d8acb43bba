using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Perilune.Control;

namespace Perilune.Server.Hosting;

/// <summary>Reads <see cref="HostSettings"/> and collects everything that is wrong, so that one start shows it all.</summary>
internal sealed class HostSettingsReader(IConfiguration configuration)
{
    private static readonly FrozenSet<string> s_setup = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "PERILUNE_INIT_ORG",
        "PERILUNE_INIT_PROJECT",
        "PERILUNE_INIT_EMAIL",
        "PERILUNE_INIT_PASSWORD",
        "PERILUNE_INIT_PUBLIC_KEY",
        "PERILUNE_INIT_PRIVATE_KEY");

    private readonly List<string> _failures = [];

    public static HostSettings Read(IConfiguration configuration)
    {
        var reader = new HostSettingsReader(configuration);
        var settings = new HostSettings
        {
            Urls = reader.Urls("PERILUNE_URLS", "http://localhost:3333"),
            GrpcUrls = reader.GrpcUrls("PERILUNE_OTLP_GRPC_URLS"),
            DataFolder = reader.Folder("PERILUNE_DATA", "./data"),
            PathBase = reader.PathBase("PERILUNE_PATH_BASE"),
            TrustedProxies = reader.Networks("PERILUNE_TRUSTED_PROXIES"),
            MonthlyRuns = reader.Number("PERILUNE_MONTHLY_RUNS"),
            Setup = reader.Setup(),
        };
        reader.RefuseUnknown();
        return reader._failures.Count == 0 ? settings : throw new StartException("Perilune cannot start with this configuration:", reader._failures);
    }

    private string? Text(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;

    private void Fail(string name, string problem, string fix) => _failures.Add($"{name} {problem}. {fix}");

    private string[] Urls(string name, string fallback)
    {
        var urls = (Text(name) ?? fallback).Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in urls)
        {
            // Wildcard hosts are Kestrel's own and no URIs.
            var probe = url.Replace("://*", "://wildcard", StringComparison.Ordinal).Replace("://+", "://wildcard", StringComparison.Ordinal);
            if (!Uri.TryCreate(probe, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
            {
                Fail(name, $"has '{url}', which is not an address to listen on", "Give http://host:port, for example http://localhost:3333 or http://0.0.0.0:3333; several are separated by ';'.");
            }
        }

        return urls;
    }

    private long? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        Fail(name, $"is '{text}', which is not a number of runs", "Give a whole number such as 1000000, or leave it out.");
        return null;
    }

    /// <summary>By default where exporters send when they are told nothing, unless somebody else listens there already.</summary>
    private string[] GrpcUrls(string name) => Text(name) switch
    {
        "off" => [],
        null => GrpcPort.IsFree() ? [GrpcPort.DefaultUrl] : [],
        _ => Urls(name, GrpcPort.DefaultUrl),
    };

    private string Folder(string name, string fallback)
    {
        var text = Text(name) ?? fallback;
        try
        {
            var path = Path.GetFullPath(text);
            if (!File.Exists(path))
            {
                return path;
            }

            Fail(name, $"names '{path}', which is a file", "Give a folder; it is made when it does not exist.");
        }
        catch (ArgumentException)
        {
            Fail(name, "is not a path", "Give a folder; it is made when it does not exist.");
        }

        return "";
    }

    private string PathBase(string name)
    {
        var text = Text(name)?.TrimEnd('/') ?? "";
        if (text.Length > 0 && (text[0] != '/' || text.StartsWith("//", StringComparison.Ordinal) || !Uri.IsWellFormedUriString(text, UriKind.Relative) || text.AsSpan().ContainsAny("?#")))
        {
            Fail(name, $"is '{text}', which is not a path", "Give the path that the reverse proxy serves Perilune under, for example /perilune.");
            return "";
        }

        return text;
    }

    private List<IPNetwork> Networks(string name)
    {
        List<IPNetwork> networks = [];
        foreach (var part in (Text(name) ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                Fail(name, $"has '{part}', which is neither an IP address nor a network", "Give addresses or networks such as 10.0.0.7 or 172.16.0.0/12, separated by ','.");
            }
        }

        return networks;
    }

    private SetupRequest Setup()
    {
        var email = Text("PERILUNE_INIT_EMAIL");
        if (email is not null && !EmailAddress.IsValid(email))
        {
            Fail("PERILUNE_INIT_EMAIL", $"is '{email}', which is not an email address", "Give one of the form name@example.com.");
        }

        // Spaces may be part of a password.
        var password = configuration["PERILUNE_INIT_PASSWORD"] is { Length: > 0 } value ? value : null;
        if (password is not null && PasswordRules.Refuse(password) is { } problem)
        {
            Fail("PERILUNE_INIT_PASSWORD", $"has {password.Length} characters", problem);
        }

        if (password is not null && email is null)
        {
            Fail("PERILUNE_INIT_PASSWORD", "is set without PERILUNE_INIT_EMAIL", "Set PERILUNE_INIT_EMAIL to the address that signs in with it.");
        }

        var publicKey = Key("PERILUNE_INIT_PUBLIC_KEY");
        var privateKey = Key("PERILUNE_INIT_PRIVATE_KEY");
        if (publicKey is not null && publicKey == privateKey)
        {
            Fail("PERILUNE_INIT_PRIVATE_KEY", "equals PERILUNE_INIT_PUBLIC_KEY", "Give the private key a UUID of its own: the public one ships in browsers.");
        }

        return new SetupRequest
        {
            Organization = Name("PERILUNE_INIT_ORG"),
            Project = Name("PERILUNE_INIT_PROJECT"),
            Email = email,
            Password = password,
            PublicKey = publicKey,
            PrivateKey = privateKey,
        };
    }

    private string? Name(string name)
    {
        var text = Text(name);
        if (text is { Length: > 100 } || text?.Any(char.IsControl) == true)
        {
            Fail(name, "is not a name", "Give 1 to 100 characters.");
        }

        return text;
    }

    private Guid? Key(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Guid.TryParseExact(text, "D", out var key) && key != Guid.Empty)
        {
            return key;
        }

        // The value is not repeated: it may be a secret with a slip in it.
        Fail(name, "is not a UUID", "Give one of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, for example the output of uuidgen.");
        return null;
    }

    /// <summary>A slip in one of these would quietly set up something else; other names may be the platform's own.</summary>
    private void RefuseUnknown()
    {
        foreach (var (name, _) in configuration.AsEnumerable())
        {
            if (name.StartsWith("PERILUNE_INIT_", StringComparison.OrdinalIgnoreCase) && !s_setup.Contains(name))
            {
                Fail(name, "is no setting of Perilune", $"The settings with this beginning are {string.Join(", ", s_setup.Order(StringComparer.Ordinal))}.");
            }
        }
    }
}
