using Perilune.Server.Hosting;

namespace Perilune.Server.Operations;

/// <summary>What the program does instead of serving, when its first argument is a word.</summary>
internal static class Verbs
{
    private const string Usage = """
        Usage: Perilune.Server [verb]

          (no verb)                     serve
          --demo                        serve a made-up month, gone afterwards unless PERILUNE_DATA is set
          verify                        check everything in the data folder; no server may be using it
          backup <folder>               copy the data folder to a new folder; a server may be using it
          health                        ask the server of these settings whether it can store events
          restore <backup> <folder>     make a new data folder of a backup, and verify it
          help                          show this

        Settings, from the environment or as --NAME value:
          PERILUNE_DATA                 the data folder (./data)
          PERILUNE_URLS                 addresses to listen on (http://localhost:3333)
          PERILUNE_PATH_BASE            the path that a reverse proxy serves Perilune under
          PERILUNE_TRUSTED_PROXIES      addresses or networks of reverse proxies
          PERILUNE_INIT_ORG, _PROJECT, _EMAIL, _PASSWORD, _PUBLIC_KEY, _PRIVATE_KEY
                                        what a first start sets up

        Exit codes: 0 done, 1 could not be done (or not healthy), 2 verify found problems.
        """;

    /// <summary>The exit code of the verb that <paramref name="args"/> begin with; null when they are for the server.</summary>
    public static int? Run(string[] args)
    {
        if (args is [] || (args[0] is not ("-h" or "--help") && (args[0].StartsWith('-') || args[0].Contains('=', StringComparison.Ordinal))))
        {
            return null;
        }

        var given = args.Skip(1).TakeWhile(a => !a.StartsWith('-')).ToArray();
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args[(1 + given.Length)..]).Build();
        string Data() => HostSettingsReader.Read(configuration).DataFolder;
        switch (args[0], given)
        {
            case ("verify", []):
                return VerifyVerb.RunAlone(Data());
            case ("health", []):
                return HealthVerb.Run(HostSettingsReader.Read(configuration));
            case ("backup", [var target]):
                return BackupVerb.Run(Data(), Path.GetFullPath(target));
            case ("restore", [var backup, var folder]):
                return RestoreVerb.Run(Path.GetFullPath(backup), Path.GetFullPath(folder));
            case ("help" or "-h" or "--help", _):
                Console.WriteLine(Usage);
                return 0;
            default:
                throw new StartException($"'{string.Join(' ', [args[0], .. given])}' is nothing Perilune can do.{Environment.NewLine}{Environment.NewLine}{Usage}");
        }
    }
}
