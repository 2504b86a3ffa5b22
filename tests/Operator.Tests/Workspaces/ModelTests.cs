using Kubernetes.Model;
using Segmentation.Operator.Http;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Reconcilers;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Replicas;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;
using Segmentation.Tests.Cdnow;
using Segmentation.Tests.Predictions;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>Models from the purchases of a workspace to the segments that ask them.</summary>
[Collection(SharedRedis.Name)]
public sealed class ModelTests(RedisServer redis)
{
    private const long Day = PurchaseSummary.DayMs;
    private const int Customers = 700;

    private static readonly RfmPolicySpec Predicting = Shop.Quantiles with { Window = "365d", Predictions = new RfmPredictionsSpec() };

    private static readonly SegmentSpec Likely = Shop.Spec(new ConditionSpec
    {
        Prediction = new PredictionConditionSpec { Policy = "default", ChurnProbability = new ComparisonSpec { Gte = 0.6m } },
    });

    [Fact]
    public async Task A_customer_becomes_likely_to_churn_at_the_instant_that_the_model_says_without_any_event()
    {
        await using var plane = await OpenAsync();
        var model = Model(plane).ShouldNotBeNull();
        await Oracle.ShouldAgreeAsync(plane, "after the first model");

        var crossings = Oracle.Replay(plane).Values.Select(profile => (profile.Id, AtMs: Crossing(model, profile, plane.Clock.NowMs)))
            .Where(crossing => crossing.AtMs != Verdict.Never).OrderBy(crossing => crossing.AtMs).ToList();
        var (first, atMs) = crossings[0];
        plane.Time.Advance(atMs - 1 - plane.Clock.NowMs);
        await plane.DrainAsync();
        (await MembersAsync(plane)).ShouldNotContainKey(first);
        plane.Time.Advance(1);
        await plane.DrainAsync();
        (await MembersAsync(plane)).ShouldContainKeyAndValue(first, atMs);
        (await Oracle.OutboxAsync(plane, "likely")).Last(flip => flip.Profile == first).Cause.ShouldBe("time");

        // Everybody else who gets there in the days that follow, whenever the operator looks.
        plane.Time.Advance(20 * Day);
        await plane.DrainAsync();
        var members = await MembersAsync(plane);
        var due = crossings.Where(crossing => crossing.AtMs <= plane.Clock.NowMs).ToList();
        due.Count.ShouldBeGreaterThan(10);
        foreach (var (id, crossedAtMs) in due) members[id].ShouldBe(crossedAtMs);
        await Oracle.ShouldAgreeAsync(plane, "three weeks later");
    }

    [Fact]
    public async Task A_segment_waits_for_the_first_attempt_at_a_model()
    {
        await using var plane = await OpenAsync(fit: false);
        plane.Workspace.Segments["likely"].WaitsForPolicy.ShouldBe("default");
        plane.Workspace.Segments["likely"].Serving.ShouldBeNull();
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        plane.Workspace.Segments["likely"].Serving.ShouldNotBeNull();
        (await MembersAsync(plane)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_model_is_the_same_for_every_owner_and_is_fitted_anew_when_due()
    {
        await using var plane = await OpenAsync();
        var model = Model(plane);
        await plane.TakeOverAsync();
        Model(plane).ShouldBe(model);
        (await plane.FitAsync()).ShouldBe(0);

        plane.Time.Advance((24 * History.HourMs) - 1);
        (await plane.FitAsync()).ShouldBe(0);
        plane.Time.Advance(1);
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        Model(plane).ShouldNotBe(model, "a day without orders speaks against the customers");
        Entry(plane).Version.ShouldBe(2);
        await Oracle.ShouldAgreeAsync(plane, "after the second model");
    }

    [Fact]
    public async Task Replicas_that_follow_the_catalog_evaluate_by_the_same_model()
    {
        // So many that each of the two has some.
        await using var shared = await SharedPlane.OpenAsync(redis.Configuration, partitions: 32, new DataPlaneOptions());
        var plane = shared.Plane;
        await OrderAsync(plane, 0, Customers);
        plane.Declare("default", Predicting);
        plane.Declare("likely", Likely);
        var other = await shared.AddAsync();
        await shared.DrainAsync();
        other.Workspace.Slots.ShouldContain(slot => slot.Partition.IsOwned);
        plane.Workspace.Segments["likely"].WaitsForPolicy.ShouldBe("default");

        (await plane.FitAsync()).ShouldBe(1);
        await shared.DrainAsync();
        (await MembersAsync(plane)).ShouldNotBeEmpty();
        await Oracle.ShouldAgreeAsync(plane, "after the first model");
        plane.Time.Advance(24 * History.HourMs);
        (await plane.FitAsync()).ShouldBe(1);
        await shared.DrainAsync();
        Entry(plane).Version.ShouldBe(2);
        await Oracle.ShouldAgreeAsync(plane, "after the second model");
    }

    [Fact]
    public async Task Moves_by_a_new_model_are_told_as_a_rescore()
    {
        await using var plane = await OpenAsync();
        plane.Declare("default", Predicting with { Predictions = null });
        await plane.DrainAsync();
        Entry(plane).Model.ShouldBeNull();
        (await MembersAsync(plane)).ShouldBeEmpty();
        plane.Declare("default", Predicting);
        await plane.DrainAsync();
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        var members = await MembersAsync(plane);
        members.ShouldNotBeEmpty();
        var told = (await Oracle.OutboxAsync(plane, "likely")).ToLookup(flip => flip.Cause);
        told["rescore"].Count(flip => !flip.Enters).ShouldBe(members.Count);
        told["rescore"].Count(flip => flip.Enters).ShouldBe(members.Count);
        told.Select(cause => cause.Key).ShouldBe(["initial", "rescore"], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_horizon_asks_for_another_model_and_other_schedules_do_not()
    {
        await using var plane = await OpenAsync();
        plane.Declare("default", Predicting with { Predictions = new RfmPredictionsSpec { RefitEvery = "48h" } });
        await plane.DrainAsync();
        (await plane.FitAsync()).ShouldBe(0);
        plane.Declare("default", Predicting with { Predictions = new RfmPredictionsSpec { Horizon = "30d" } });
        await plane.DrainAsync();
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        Model(plane)!.HorizonMs.ShouldBe(30 * Day);
        await Oracle.ShouldAgreeAsync(plane, "with another horizon");
    }

    [Fact]
    public async Task A_suspended_policy_keeps_its_model()
    {
        await using var plane = await OpenAsync();
        plane.Declare("default", Predicting with { Suspend = true });
        await plane.DrainAsync();
        plane.Time.Advance(48 * History.HourMs);
        (await plane.FitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_policy_that_was_suspended_from_the_start_gets_a_first_model()
    {
        await using var plane = await OpenAsync(policy: Predicting with { Suspend = true });
        plane.Workspace.Segments["likely"].Serving.ShouldNotBeNull();
        (await MembersAsync(plane)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_a_model_lacks_is_told_and_mended_when_the_customers_come()
    {
        await using var plane = await OpenAsync(customers: 40);
        Model(plane).ShouldBeNull();
        var condition = Condition(plane);
        condition.Status.ShouldBe("False");
        condition.Reason.ShouldBe("InsufficientData");
        condition.Message.ShouldContain("There are 40 customers of at least 500 (spec.predictions.minCustomers).");
        PredictionStatus.Of(Entry(plane)).ShouldBeNull();

        await OrderAsync(plane, from: 40, to: Customers);
        await plane.DrainAsync();
        plane.Time.Advance(60_000);
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        Model(plane).ShouldNotBeNull();
        Condition(plane).Reason.ShouldBe("Fitted");
        (await MembersAsync(plane)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_model_stays_in_force_when_a_shop_falls_silent()
    {
        await using var plane = await OpenAsync();
        var model = Model(plane);
        plane.Time.Advance(60 * Day);
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        Model(plane).ShouldBe(model);
        Condition(plane).Status.ShouldBe("True");
        Condition(plane).Reason.ShouldBe("InsufficientData");
        Condition(plane).Message.ShouldContain("may be 30 (spec.predictions.maxQuiet). The last model stays in force.");
        PredictionStatus.Of(Entry(plane))!.FittedAt.ShouldBe(DataPlane.Epoch);
    }

    [Fact]
    public async Task The_status_has_the_parameters_with_their_errors_and_a_test_on_unknown_days()
    {
        await using var plane = await OpenAsync();
        var status = PredictionStatus.Of(Entry(plane))!;
        status.Customers.ShouldBe(Customers);
        status.Purchases!.Parameters.Select(parameter => parameter.Name).ShouldBe(["r", "alpha", "a", "b"]);
        status.Values!.Parameters.Select(parameter => parameter.Name).ShouldBe(["p", "q", "v"]);
        status.Purchases.Parameters.ShouldAllBe(parameter => parameter.Value > 0 && parameter.StandardError > 0);
        status.HoldOut!.Days.ShouldBe(90);
        status.HoldOut.ErrorPercent!.Value.ShouldBeInRange(-30, 30);
        var values = status.HoldOut.Values!;
        values.Customers.ShouldBeInRange(1, status.HoldOut.ActualPurchases);
        values.ErrorPercent.ShouldBe(Math.Round(((values.ExpectedAverageValue / values.ActualAverageValue) - 1) * 100, 1));
        values.ErrorPercent!.Value.ShouldBeInRange(-30, 30);
        values.MeanAbsoluteError.ShouldBeGreaterThanOrEqualTo(Math.Abs(values.ExpectedAverageValue - values.ActualAverageValue));
        var tracking = status.HoldOut.Tracking!;
        tracking.DaysPerPeriod.ShouldBe(7);
        tracking.HeldOut.ShouldBe(13);
        tracking.Actual.TakeLast(13).Sum().ShouldBe(status.HoldOut.ActualPurchases);
        tracking.Expected.Count.ShouldBe(tracking.Actual.Count);
    }

    [Fact]
    public async Task A_profile_shows_what_is_expected_of_it()
    {
        await using var plane = await OpenAsync();
        var catalogs = new CatalogStore(plane.Redis);
        var appender = new EventAppender(plane.Log, catalogs, registry: null!, messages: null!, plane.Clock); // nothing is appended
        var reader = new ProfileReader(plane.Redis, appender, new ServingViews(catalogs), plane.Clock);
        var loyal = Oracle.Replay(plane).Values.MaxBy(profile => profile.History("placed_order")!.Count)!;
        var expected = Model(plane)!.Predict(Purchases(loyal, plane.Clock.NowMs), plane.Clock.NowMs)!.Value;

        var shown = (await reader.ReadAsync(plane.Name, loyal.Id))!.Rfm.Single();

        expected.NextOrderInMs.ShouldNotBeNull();
        shown.Prediction.ShouldBe(new PredictionItem(
            expected.ChurnProbability,
            expected.ExpectedPurchases,
            plane.Clock.Now.AddMilliseconds(expected.NextOrderInMs.Value),
            expected.PredictedValue,
            expected.PredictedValue + shown.Monetary));
    }

    /// <summary>The purchases of the literature, up to the end of its calibration period.</summary>
    [CdnowFact]
    public async Task The_published_customers_give_the_published_model()
    {
        await using var plane = await DataPlane.OpenAsync(redis.Configuration);
        plane.Clock.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(CdnowFile.Day("19971001")));
        var orders = CdnowFile.Sample().SelectMany((customer, c) => customer
            .Where(purchase => purchase.AtMs < plane.Clock.NowMs)
            .Select((purchase, i) => new CustomerEvent($"{c}/{i}", "placed_order", $"c-{c}", purchase.AtMs, purchase.Amount)));
        await plane.AppendAsync([.. orders]);
        plane.Declare("default", Predicting);
        await plane.DrainAsync();
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        var status = PredictionStatus.Of(Entry(plane))!;
        status.Purchases!.Parameters.Select(parameter => Math.Round(parameter.Value, 3)).ShouldBe([0.243m, 4.414m, 0.793m, 2.426m]);
        status.Purchases.LogLikelihood.ShouldBe(-9582.43m);
        status.Values!.Parameters.Select(parameter => Math.Round(parameter.Value, 2)).ShouldBe([6.25m, 3.74m, 15.44m]);
        status.Values.LogLikelihood.ShouldBe(-4055.92m);
        status.Values.Customers.ShouldBe(946);
    }

    private async Task<DataPlane> OpenAsync(int customers = Customers, bool fit = true, RfmPolicySpec? policy = null)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration);
        await OrderAsync(plane, 0, customers);
        plane.Declare("default", policy ?? Predicting);
        plane.Declare("likely", Likely);
        await plane.DrainAsync();
        if (!fit) return plane;
        (await plane.FitAsync()).ShouldBe(1);
        await plane.DrainAsync();
        return plane;
    }

    private static async Task OrderAsync(DataPlane plane, int from, int to)
    {
        var today = (int)PurchaseSummary.DayOf(DataPlane.Epoch.ToUnixTimeMilliseconds());
        var orders = new List<CustomerEvent>();
        for (var c = from; c < to; c++)
        {
            var random = new Random(c);
            var purchases = SimulatedCustomer.Purchases(
                random, new BgNbd(0.8, 5, 0.8, 2.5), new GammaGamma(4, 3.5, 20), today - random.Next(120, 300), today - 1);
            orders.AddRange(purchases.Select((purchase, i) =>
                new CustomerEvent($"{c}/{i}", "placed_order", $"c-{c}", purchase.AtMs, decimal.Round(purchase.Amount, 2))));
        }
        await plane.AppendAsync([.. orders]);
    }

    private static ModelEntry Entry(DataPlane plane) => plane.Workspace.Catalog.Models.Single().Value;

    private static PurchaseModel? Model(DataPlane plane) => Entry(plane).Model?.ToModel();

    private static Condition Condition(DataPlane plane)
    {
        var conditions = new List<Condition>();
        PredictionStatus.SetCondition(conditions, Predicting.Predictions, Entry(plane), 1, DataPlane.Epoch);
        return conditions.ShouldHaveSingleItem();
    }

    private static Task<Dictionary<string, long>> MembersAsync(DataPlane plane) =>
        Oracle.MembersAsync(plane, "likely", plane.Workspace.Catalog.Segments["likely"].Serving!.Revision);

    // When the churn probability reaches 0.6, by the model alone; never for those that are there already.
    private static long Crossing(PurchaseModel model, Profile profile, long nowMs)
    {
        var purchases = Purchases(profile, nowMs);
        return model.Predict(purchases, nowMs)!.Value.ChurnProbability >= 0.6m
            ? Verdict.Never
            : model.NextCrossingMs(PredictedQuantity.ChurnProbability, 0.6m, purchases, nowMs);
    }

    private static Purchase[] Purchases(Profile profile, long nowMs) =>
        [.. profile.History("placed_order")!.Select(order => new Purchase(order.TimeMs, order.ValueLeftAt(nowMs) ?? 0))];
}
