namespace Perilune.Server.Demo;

/// <summary>Who uses the demo's application: people of teams of organizations.</summary>
internal sealed record DemoPerson(string Id, string Name, string Organization, string Team, string Plan)
{
    public static readonly IReadOnlyList<DemoPerson> All = [.. Cast()];

    private static IEnumerable<DemoPerson> Cast()
    {
        (string Organization, string Plan, string[] Teams)[] organizations =
        [
            ("northwind", "enterprise", ["sales", "events"]), ("harbor-labs", "business", ["research", "office"]),
            ("lumen-press", "business", ["editorial"]), ("atlas-cycling", "starter", ["tours"]), ("private", "starter", ["none"]),
        ];
        string[] names =
        [
            "Ada Okafor", "Bruno Keller", "Chiara Rossi", "Dilan Aydın", "Emil Novák", "Farah Haddad", "Grace Lin", "Hugo Martins",
            "Ines Moreau", "Jonas Berg", "Kaori Tanaka", "Liam Byrne", "Mina Park", "Noah Silva", "Olga Petrova", "Priya Nair",
            "Quentin Dubois", "Rosa Vega", "Sven Lund", "Tara Singh", "Umut Demir", "Vera Kraus", "Wei Zhang", "Yara Costa",
        ];
        for (var i = 0; i < names.Length; i++)
        {
            var (organization, plan, teams) = organizations[i % organizations.Length];
            yield return new DemoPerson(names[i].Split(' ')[0].ToLowerInvariant(), names[i], organization, teams[i / organizations.Length % teams.Length], plan);
        }
    }
}
