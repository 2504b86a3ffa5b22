using System.Text.Json;

namespace EndToEnd.Tests;

[Collection(EnvironmentCollection.Name)]
public sealed class PredictionTests(LocalEnvironment environment)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2024-06-01T00:00:00Z");

    private const string Policy =
        """
        apiVersion: segmentation.dev/v1alpha1
        kind: RfmPolicy
        metadata: {name: default}
        spec:
          purchases: {event: placed_order}
          window: 730d
          predictions: {horizon: 90d}
        """;

    [Fact]
    public async Task A_policy_says_what_its_model_lacks_then_fits_it_and_customers_become_likely_to_churn_by_time()
    {
        await using var workspace = await environment.NewWorkspaceAsync("predictions", Start);
        await workspace.ApplyAsync(Policy);
        await workspace.ApplySegmentAsync("likely-to-churn", "{prediction: {policy: default, churnProbability: {gte: 0.6}}}");
        await workspace.SendAsync(Purchases(0, 100));
        var lacking = await workspace.StatusBecomesAsync(
            "rfmpolicy/default", status => status.Is("PredictionsReady", "False") && status.Message("PredictionsReady").Contains("100 customers of at least 500", StringComparison.Ordinal), "too few");
        lacking.Field("predictions").ShouldBeNull();
        (await workspace.StatusBecomesAsync("segment/likely-to-churn", status => status.Is("Ready", "True"), "Ready")).Number("memberCount").ShouldBe(0);

        await workspace.SendAsync(Purchases(100, 700));
        var fitted = await workspace.StatusBecomesAsync(
            "rfmpolicy/default", status => status.Is("PredictionsReady", "True") && status.Field("predictions")?.GetProperty("customers").GetInt64() == 700, "fitted");
        var predictions = fitted.Field("predictions")!.Value;
        Names(predictions.GetProperty("purchases")).ShouldBe(["r", "alpha", "a", "b"]);
        Names(predictions.GetProperty("values")).ShouldBe(["p", "q", "v"]);
        predictions.GetProperty("purchases").GetProperty("logLikelihood").GetDecimal().ShouldBeLessThan(0);
        predictions.GetProperty("holdOut").GetProperty("days").GetInt32().ShouldBe(90);

        var churned = await workspace.StatusBecomesAsync("segment/likely-to-churn", status => status.Number("memberCount") > 0, "some");
        await environment.Api.SetClockAsync(Start.AddDays(60));
        await workspace.StatusBecomesAsync(
            "segment/likely-to-churn", status => status.Number("memberCount") > churned.Number("memberCount") + 20, "more, without any event");
    }

    private static IEnumerable<string?> Names(JsonElement fit) => fit.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString());

    /// <summary>Customers who come in the first half year, buy every 4 to 60 days on average, and stay away after an order in four.</summary>
    private static List<ShopEvent> Purchases(int from, int to)
    {
        var events = new List<ShopEvent>();
        for (var customer = from; customer < to; customer++)
        {
            var random = new Random(customer);
            var pace = 4 + (56 * random.NextDouble());
            var spends = 10 + (90 * random.NextDouble());
            var at = Start.AddDays(-400 + (180 * random.NextDouble()));
            for (var order = 0; at < Start && (order < 2 || random.NextDouble() > 0.25); order++)
            {
                events.Add(new ShopEvent($"o-{customer}-{order}", "placed_order", $"p-{customer}", at, decimal.Round((decimal)(spends * (0.5 + random.NextDouble())), 2)));
                at = at.AddDays(-Math.Log(1 - random.NextDouble()) * pace);
            }
        }
        return events;
    }
}
