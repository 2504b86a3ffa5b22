using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

[Collection(EnvironmentCollection.Name)]
public sealed partial class RfmPolicyTests(LocalEnvironment environment)
{
    private static readonly string Cli = Path.Combine(AppContext.BaseDirectory, "kubectl-segment.dll");
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2024-06-01T00:00:00Z");

    // Written down apart from the engine, as the field has it: recency digit, then frequency digit.
    private static readonly (string Tier, string Recency, string Frequency)[] Classic =
    [
        ("champions", "5", "45"), ("loyal", "34", "45"), ("cannot-lose", "12", "5"), ("at-risk", "12", "34"), ("hibernating", "12", "12"),
        ("about-to-sleep", "3", "12"), ("need-attention", "3", "3"), ("potential-loyalist", "45", "23"), ("promising", "4", "1"), ("new", "5", "1"),
    ];

    [Fact]
    public async Task Thresholds_put_customers_into_the_tiers_that_the_cut_points_say()
    {
        await using var workspace = await environment.NewWorkspaceAsync("thresholds", Start);
        await workspace.ApplyAsync(Policy("{method: thresholds, scores: 5, recency: [30d, 90d, 180d, 365d], frequency: [1, 2, 4, 9], monetary: [50, 100, 250, 1000]}"));
        var purchases = Purchases(seed: 7, customers: 300);
        await workspace.SendAsync(purchases);

        int[] recency = [30, 90, 180, 365], frequency = [1, 2, 4, 9];
        var wanted = ByTier(purchases.GroupBy(p => p.ProfileId).Select(orders => (
            orders.Key,
            R: 5 - recency.Count(days => Start - orders.Max(o => o.OccurredAt) > TimeSpan.FromDays(days)),
            F: 1 + frequency.Count(most => orders.Count() > most))));
        await TiersBecomeAsync(workspace, wanted);
        var cells = string.Join(' ', purchases.GroupBy(p => p.ProfileId)
            .GroupBy(orders => (R: 5 - recency.Count(days => Start - orders.Max(o => o.OccurredAt) > TimeSpan.FromDays(days)), F: 1 + frequency.Count(most => orders.Count() > most)))
            .OrderByDescending(cell => cell.Key.R).ThenBy(cell => cell.Key.F)
            .Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Key.R},{cell.Key.F},{cell.Count()},{cell.Sum(orders => orders.Sum(o => o.Value!.Value)):0.00}")));
        await Eventually.GetAsync(() => MatrixAsync(workspace), matrix => matrix == cells, cells);

        await workspace.ApplySegmentAsync("champions", "{rfm: {policy: default, tier: [champions, loyal]}}");
        await workspace.MembersBecomeAsync("champions", wanted["champions"].Concat(wanted["loyal"]));
    }

    [Fact]
    public async Task Quantiles_draw_the_break_points_from_the_customers_themselves()
    {
        await using var workspace = await environment.NewWorkspaceAsync("quantiles", Start);
        await workspace.ApplySegmentAsync("buyers", "{event: {name: placed_order}}");
        var purchases = Purchases(seed: 11, customers: 500);
        await workspace.SendAsync(purchases);
        await workspace.StatusBecomesAsync("segment/buyers", status => status.MemberCount == 500, "all are there");
        await workspace.ApplyAsync(Policy("{method: quantiles, scores: 5, recomputeEvery: 24h}"));

        var customers = purchases.GroupBy(p => p.ProfileId)
            .Select(orders => (Id: orders.Key, Last: orders.Max(o => o.OccurredAt), Count: orders.Count(), Spent: orders.Sum(o => o.Value!.Value))).ToArray();
        var frequency = BreakPoints(customers.Select(c => (long)c.Count));
        var monetary = BreakPoints(customers.Select(c => c.Spent));
        var last = BreakPoints(customers.Select(c => c.Last).OrderDescending(), alreadySorted: true);
        // Ages grow: the customer whose age made a point is past it since.
        var wanted = ByTier(customers.Select(c => (c.Id, R: 5 - last.Count(point => c.Last <= point), F: 1 + frequency.Count(point => c.Count > point))));
        var status = await TiersBecomeAsync(workspace, wanted);
        status.Is("Reconciling", "True").ShouldBeFalse(status.ToString());

        var points = status.Field("breakPoints")!.Value;
        points.GetProperty("frequency").EnumerateArray().Select(p => p.GetInt64()).ShouldBe(frequency);
        points.GetProperty("monetary").EnumerateArray().Select(p => p.GetDecimal()).ShouldBe(monetary);
        // lastScored is in whole seconds; the ages are exact.
        var scored = status.Field("lastScored")!.Value.GetDateTimeOffset();
        foreach (var (text, at) in points.GetProperty("recency").EnumerateArray().Select(p => p.GetString()!).Zip(last))
            (Age(text) - (scored - at)).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        status.Number("scoredProfiles").ShouldBe(500);
        (await workspace.KubectlAsync("get", "rfm")).ShouldContain("500");
    }

    [Fact]
    public async Task A_customer_changes_tier_by_the_passing_of_time()
    {
        await using var workspace = await environment.NewWorkspaceAsync("ageing", Start);
        await workspace.ApplyAsync(Policy("{method: thresholds, scores: 5, recency: [30d, 90d, 180d, 365d], frequency: [1, 2, 4, 9], monetary: [50, 100, 250, 1000]}"));
        await workspace.ApplySegmentAsync("new", "{rfm: {policy: default, tier: [new]}}");
        await workspace.ApplySegmentAsync("asleep", "{rfm: {policy: default, tier: [about-to-sleep]}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Start.AddDays(-1)));
        await workspace.MembersBecomeAsync("new", "anna");
        await environment.Api.SetClockAsync(Start.AddDays(120));
        await workspace.MembersBecomeAsync("new");
        await workspace.MembersBecomeAsync("asleep", "anna");
    }

    [Fact]
    public async Task A_wrong_policy_is_told_with_its_place()
    {
        await using var workspace = await environment.NewWorkspaceAsync("bad-policy", Start);
        var apply = await workspace.TryApplyAsync(Policy("{method: thresholds, scores: 5, recency: [30d, 20d, 180d, 365d], frequency: [1, 2, 4, 9], monetary: [50, 100, 250, 1000]}"));
        apply.ShouldSucceed();
        var stalled = await workspace.StatusBecomesAsync("rfmpolicy/default", status => status.Is("Stalled", "True"), "stalled");
        stalled.Is("Ready", "False").ShouldBeTrue();
        stalled.Message("Ready").ShouldContain("spec.scoring.recency");
    }

    [Fact]
    public async Task A_list_of_tiers_is_refused_with_what_it_leaves_out_and_serves_once_it_leaves_nothing_out()
    {
        await using var workspace = await environment.NewWorkspaceAsync("own-tiers", Start);
        const string thresholds = "{method: thresholds, scores: 3, recency: [30d, 90d], frequency: [1, 4], monetary: [50, 100]}";
        await workspace.ApplyAsync(Policy(thresholds, "{list: [{name: recent, recency: {eq: 3}}, {name: often, frequency: {gte: 2}}]}"));
        var stalled = await workspace.StatusBecomesAsync("rfmpolicy/default", status => status.Is("Stalled", "True"), "stalled");
        stalled.Message("Ready").ShouldContain("spec.tiers.list: 2 of 9 combinations of scores fit no tier: R1 F1, R2 F1;");

        await workspace.ApplyAsync(Policy(thresholds, "{list: [{name: recent, recency: {eq: 3}}, {name: often, frequency: {gte: 2}}, {name: others}]}"));
        await workspace.SendAsync(ShopEvent.Order("anna", Start.AddDays(-1)), ShopEvent.Order("bob", Start.AddDays(-100)));
        var scored = await workspace.StatusBecomesAsync("rfmpolicy/default", status => Counts(status) == "often=0 others=1 recent=1", "one recent, one other");
        scored.Field("tierOverlaps")!.Value.EnumerateArray().Select(overlap => overlap.GetProperty("tier").GetString()).ShouldBe(["often", "others"]);
    }

    /// <summary>The cells with customers, as the command shows them: recency, frequency, customers, revenue.</summary>
    private async Task<string> MatrixAsync(Workspace workspace)
    {
        var run = await Command.RunAsync("dotnet", [Cli, "rfm", "default", "-w", workspace.Name, "--kubeconfig", environment.Kubectl.Kubeconfig, "-o", "csv"]);
        return string.Join(' ', run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Where(cell => cell[3] != "0")
            .Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell[0]},{cell[1]},{cell[3]},{decimal.Parse(cell[5], CultureInfo.InvariantCulture):0.00}")));
    }

    private static string Policy(string scoring, string tiers = "{preset: classic}") =>
        $$"""
        apiVersion: segmentation.dev/v1alpha1
        kind: RfmPolicy
        metadata: {name: default}
        spec:
          purchases: {event: placed_order}
          window: 730d
          scoring: {{scoring}}
          tiers: {{tiers}}
        """;

    /// <summary>The same seed gives the same purchases; all of them within the last 700 days.</summary>
    private static IReadOnlyList<ShopEvent> Purchases(int seed, int customers)
    {
        var random = new Random(seed);
        return
        [
            .. from customer in Enumerable.Range(0, customers)
               from order in Enumerable.Range(0, 1 + (int)(12 * Math.Pow(random.NextDouble(), 3)))
               select new ShopEvent(
                   $"o-{customer}-{order}", "placed_order", $"p-{customer}", Start.AddSeconds(-random.Next(1, 700 * 86_400)), random.Next(100, 40_000) / 100m),
        ];
    }

    private static Dictionary<string, IReadOnlyList<string>> ByTier(IEnumerable<(string Id, int R, int F)> customers) =>
        Classic.GroupJoin(
                customers.Select(c => (c.Id, Tier: Classic.Single(t => t.Recency.Contains((char)('0' + c.R)) && t.Frequency.Contains((char)('0' + c.F))).Tier)),
                tier => tier.Tier, customer => customer.Tier, (tier, members) => (tier.Tier, Ids: (IReadOnlyList<string>)[.. members.Select(m => m.Id)]))
            .ToDictionary(tier => tier.Tier, tier => tier.Ids);

    /// <summary>Four points that cut the sorted values into fifths, each the last of its fifth.</summary>
    private static T[] BreakPoints<T>(IEnumerable<T> values, bool alreadySorted = false)
    {
        var sorted = alreadySorted ? values.ToArray() : [.. values.Order()];
        return [.. Enumerable.Range(1, 4).Select(i => sorted[(int)Math.Ceiling(sorted.Length * i / 5m) - 1])];
    }

    private static Task<ResourceStatus> TiersBecomeAsync(Workspace workspace, Dictionary<string, IReadOnlyList<string>> wanted)
    {
        var counts = string.Join(' ', wanted.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value.Count}"));
        return workspace.StatusBecomesAsync("rfmpolicy/default", status => status.Is("Ready", "True") && Counts(status) == counts, counts);
    }

    private static string Counts(ResourceStatus status) =>
        status.Field("tierCounts") is not { ValueKind: JsonValueKind.Array } tiers
            ? ""
            : string.Join(' ', tiers.EnumerateArray().Select(t => $"{t.GetProperty("tier").GetString()}={t.GetProperty("profiles").GetInt64()}").Order(StringComparer.Ordinal));

    private static TimeSpan Age(string text) => DurationPart().Matches(text).Aggregate(TimeSpan.Zero, (sum, part) =>
    {
        var number = double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture);
        return sum + part.Groups["unit"].Value switch
        {
            "w" => TimeSpan.FromDays(7 * number),
            "d" => TimeSpan.FromDays(number),
            "h" => TimeSpan.FromHours(number),
            "m" => TimeSpan.FromMinutes(number),
            "s" => TimeSpan.FromSeconds(number),
            "ms" => TimeSpan.FromMilliseconds(number),
            var unit => throw new FormatException($"'{unit}' in '{text}'"),
        };
    });

    [GeneratedRegex("(?<number>[0-9.]+)(?<unit>[a-z]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DurationPart();
}
