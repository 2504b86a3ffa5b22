using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Resources.Tests.Oracle;
using Segmentation.Resources;

namespace Resources.Tests.Cases;

/// <summary>A case of one of the tables in this folder.</summary>
/// <param name="Workspace">The segment it with the case's match, and the segments and policies of the table.</param>
/// <param name="Profile">What the case says of the customer.</param>
/// <param name="Expectations">Instants with the answer and its reason.</param>
public sealed record TableCase(PlainWorkspace Workspace, PlainProfile Profile, IReadOnlyList<Expectation> Expectations);

/// <param name="AtMs">When.</param>
/// <param name="Member">Whether the customer is a member then.</param>
/// <param name="Why">For people.</param>
public sealed record Expectation(long AtMs, bool Member, string Why);

/// <summary>The tables of cases: one file each, *.yaml beside this one.</summary>
public static class CaseTable
{
    private static string Folder => RepositoryRoot.Combine("tests", "Resources.Tests", "Cases");

    /// <summary>The names of all tables, and of the cases in each.</summary>
    public static IEnumerable<(string File, string Case)> Names =>
        from path in Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)
        from one in Table(Path.GetFileName(path))["cases"]!.AsArray()
        select (Path.GetFileName(path), Text(one!["name"])!);

    public static TableCase Read(string file, string name)
    {
        var table = Table(file);
        var found = table["cases"]!.AsArray().Where(one => Text(one!["name"]) == name).ToList();
        found.Count.ShouldBe(1, "a case is found by its name");
        return Read(table, found[0]!);
    }

    private static TableCase Read(JsonNode table, JsonNode one)
    {
        var segments = Fields(table["segments"]).ToDictionary(field => field.Key, field => Segment(one, field.Value!));
        segments["it"] = Segment(one, one["match"]!);
        var policies = Fields(table["policies"]).ToDictionary(field => field.Key, field => field.Value.Deserialize(ResourcesJson.Default.RfmPolicySpec)!);
        var expectations = one["expect"]!.AsArray().Select(row => new Expectation(At(row!["at"]), row["member"]!.GetValue<bool>(), Text(row["why"])!)).ToList();
        return new TableCase(new PlainWorkspace(segments, policies), Profile(one), expectations);
    }

    private static SegmentSpec Segment(JsonNode one, JsonNode match) => new()
    {
        TimeZone = Text(one["timeZone"]) ?? "UTC",
        WeekStartsOn = Text(one["weekStartsOn"]) is { } day ? Enum.Parse<WeekDay>(day, ignoreCase: true) : null,
        Match = match.Deserialize(ResourcesJson.Default.ConditionSpec)!,
    };

    private static PlainProfile Profile(JsonNode one) => new()
    {
        Id = Text(one["profile"]) ?? "c-1",
        Events = Items(one["events"]).Select(Event).DistinctBy(e => e.Id).ToList(),
        Properties = Values(one["properties"]),
        Changes = Items(one["changes"]).SelectMany(change => Others(change).Select(field => new PlainChange(At(change["at"]), field.Key, Value(field.Value)))).ToList(),
        Consents = Items(one["consents"]).SelectMany(said => Others(said).Select(field => new PlainConsent(At(said["at"]), field.Key, Text(field.Value)!))).ToList(),
        Suppressed = Items(one["suppressed"]).Select(channel => Text(channel)!).ToList(),
        Stays = Fields(one["stays"]).ToDictionary(
            field => field.Key,
            field => new PlainStay(
                At(field.Value!["entered"]), field.Value["member"]!.GetValue<bool>(), field.Value["enteredBefore"] is { } before ? At(before) : null)),
        Tiers = Fields(one["tiers"]).ToDictionary(
            field => field.Key,
            field => (IReadOnlyList<PlainTier>)Items(field.Value).Select(tier => new PlainTier(Text(tier["tier"])!, At(tier["from"]), tier["left"] is { } left ? At(left) : null)).ToList()),
    };

    private static PlainEvent Event(JsonNode e, int index) => new(
        Text(e["id"]) ?? string.Create(CultureInfo.InvariantCulture, $"event-{index}"),
        Text(e["name"])!,
        At(e["at"]),
        e["value"] is { } value ? (decimal)Value(value)! : null,
        Values(e["properties"]),
        Text(e["refunds"]));

    private static JsonNode Table(string file) => Specs.Parse(File.ReadAllText(Path.Combine(Folder, file)));

    private static JsonObject Fields(JsonNode? map) => map?.AsObject() ?? [];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Others(JsonNode map) => Fields(map).Where(field => field.Key != "at");

    private static IEnumerable<JsonNode> Items(JsonNode? list) => list?.AsArray().Select(item => item!) ?? [];

    private static Dictionary<string, object> Values(JsonNode? map) => Fields(map).ToDictionary(field => field.Key, field => Value(field.Value)!);

    private static object? Value(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => list.Select(item => Text(item)!).ToArray(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => Text(node),
            JsonValueKind.Number => decimal.Parse(node.ToJsonString(), CultureInfo.InvariantCulture),
            _ => node.GetValueKind() == JsonValueKind.True,
        },
    };

    private static long At(JsonNode? node) => DateTimeOffset.Parse(Text(node)!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString();
}
