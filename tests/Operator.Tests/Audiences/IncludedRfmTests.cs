using System.Text.Json;
using Kubernetes.Informers;
using Segmentation;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Http;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

/// <summary>AudienceSyncs that include what an RfmPolicy says of the profiles that enter.</summary>
[Collection(AudienceCollection.Name)]
public sealed class IncludedRfmTests(RedisServer redis)
{
    private const string Policy = "default";

    [Fact]
    public async Task Who_enters_is_told_with_what_the_profile_API_tells_and_who_leaves_without()
    {
        await using var bench = await StartAsync(withPolicy: true);
        await using var plane = new WholePathTests.DataPlane(bench);
        bench.Lead();
        await OrderAsync(bench, "ada", 30m);
        await OrderAsync(bench, "ada", 12.5m);
        await MoveAsync(bench, "ada", "DE");

        var entered = await bench.Receiver.NextAsync();
        entered.Changes.ShouldHaveSingleItem().Action.ShouldBe("added");
        var known = (await Reader(bench).ReadAsync(bench.Workspace, "ada"))!.Rfm.ShouldHaveSingleItem();
        (known.Purchases, known.Monetary, known.Tier, known.FrequencyScore).ShouldBe((2, 42.5m, "rich", 2));
        Rfm(entered)!.Value.GetRawText().ShouldBe(JsonSerializer.Serialize(known, ApiJson.Plain.RfmItem));

        await MoveAsync(bench, "ada", "FR");
        var left = await bench.Receiver.NextAsync();
        left.Changes.ShouldHaveSingleItem().Action.ShouldBe("removed");
        Rfm(left).ShouldBeNull();

        await MoveAsync(bench, "bob", "DE");
        var withoutPurchase = Rfm(await bench.Receiver.NextAsync())!.Value;
        withoutPurchase.GetProperty("purchases").GetInt32().ShouldBe(0);
        withoutPurchase.TryGetProperty("tier", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_says_the_same_though_the_profile_bought_meanwhile()
    {
        await using var bench = await StartAsync(withPolicy: true);
        var mayAnswer = new TaskCompletionSource();
        bench.Receiver.Answer(async context =>
        {
            await mayAnswer.Task;
            context.Response.StatusCode = 500;
        });
        await using var plane = new WholePathTests.DataPlane(bench);
        bench.Lead();
        await OrderAsync(bench, "ada", 30m);
        await MoveAsync(bench, "ada", "DE");
        await Eventually.HoldsAsync(() => bench.Receiver.Count == 1, "the first attempt is under way");
        await OrderAsync(bench, "ada", 99m);
        await Eventually.HoldsAsync(
            async () => (await Reader(bench).ReadAsync(bench.Workspace, "ada"))!.Rfm.Single().Purchases == 2, "the second order is known");
        mayAnswer.SetResult();

        var first = await bench.Receiver.NextAsync();
        var second = await bench.Receiver.NextAsync();
        Rfm(first)!.Value.GetProperty("purchases").GetInt32().ShouldBe(1);
        (second.Id, second.Body).ShouldBe((first.Id, first.Body));
    }

    [Fact]
    public async Task Changes_wait_for_a_policy_that_is_missing_and_are_told_with_it_when_it_comes()
    {
        await using var bench = await StartAsync(withPolicy: false);
        await using var plane = new WholePathTests.DataPlane(bench);
        bench.Lead();
        await OrderAsync(bench, "ada", 30m);
        await MoveAsync(bench, "ada", "DE");
        await bench.StateBecomesAsync(s => s is { Reason: AudienceReasons.WaitingForRfmPolicy, Pending: 1 }, "it waits");
        bench.Receiver.Count.ShouldBe(0);

        Upsert(bench);
        Rfm(await bench.Receiver.NextAsync())!.Value.GetProperty("purchases").GetInt32().ShouldBe(1);
        await bench.InSyncAsync();
    }

    private async Task<AudienceBench> StartAsync(bool withPolicy)
    {
        var bench = await AudienceBench.StartAsync(redis);
        bench.Get<EntityStore<Segment>>().Upsert(new Segment
        {
            Metadata = new() { Name = AudienceBench.Segment, Namespace = bench.Workspace, Uid = "uid-vips", ResourceVersion = AudienceBench.NextVersion(), Generation = 1 },
            Spec = new() { Match = new() { Property = new() { Name = "country", Eq = "DE" } } },
        });
        if (withPolicy) Upsert(bench);
        bench.Apply(configure: spec => spec.Include = new() { RfmPolicy = Policy });
        return bench;
    }

    private static void Upsert(AudienceBench bench) => bench.Get<EntityStore<RfmPolicy>>().Upsert(new RfmPolicy
    {
        Metadata = new() { Name = Policy, Namespace = bench.Workspace, Uid = "uid-default", ResourceVersion = AudienceBench.NextVersion(), Generation = 1 },
        Spec = new()
        {
            Purchases = new() { Event = "placed_order" },
            Window = "30d",
            Scoring = new() { Method = RfmScoringMethod.Thresholds, Scores = 3, Recency = ["1d", "2d"], Frequency = [1, 2], Monetary = [10m, 40m] },
            Tiers = new() { List = [new() { Name = "rich", Monetary = new() { Eq = 3 } }, new() { Name = "others" }] },
        },
    });

    private static JsonElement? Rfm(Delivery delivery)
    {
        var change = JsonDocument.Parse(delivery.Body).RootElement.GetProperty("data").GetProperty("changes").EnumerateArray().Single();
        return change.TryGetProperty("rfm", out var rfm) ? rfm : null;
    }

    private static ProfileReader Reader(AudienceBench bench)
    {
        var catalogs = bench.Get<CatalogStore>();
        var appender = new EventAppender(bench.Get<EventLog>(), catalogs, registry: null!, messages: null!, bench.Get<BusinessClock>()); // nothing is appended
        return new ProfileReader(bench.Get<RedisConnection>(), appender, new ServingViews(catalogs), bench.Get<BusinessClock>());
    }

    private static Task OrderAsync(AudienceBench bench, string profile, decimal value)
    {
        var nowMs = bench.Get<BusinessClock>().NowMs;
        var order = new CustomerEvent(Guid.NewGuid().ToString("N"), "placed_order", profile, nowMs, value);
        return AppendAsync(bench, profile, key => bench.Get<EventLog>().AppendAsync(key, nowMs, [EventLog.Line(order)]));
    }

    private static Task MoveAsync(AudienceBench bench, string profile, string country)
    {
        var change = new ProfileChange(profile, PropertyBag.Of(("country", country)), Merge: true, []);
        return AppendAsync(bench, profile, key => bench.Get<EventLog>().AppendAsync(key, bench.Get<BusinessClock>().NowMs, change));
    }

    private static async Task AppendAsync(AudienceBench bench, string profile, Func<string, Task<bool>> append)
    {
        var partition = PartitionHash.Of(profile, AudienceBench.Partitions);
        (await append(Keys.Partition(bench.Workspace, partition))).ShouldBeTrue();
        bench.Get<WorkspaceRegistry>().Wake(bench.Workspace, partition);
    }
}
